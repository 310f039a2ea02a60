import { z } from 'zod';
import {
  areaCodeField,
  type EventsOf,
  idField,
  inspectionsPublishedEvents,
  textField,
  timeField,
} from '#libs/contracts';

/** 隐患等级: ordinary or major (order 16 of the work safety administration, art. 3). */
export type HazardGrade = z.infer<typeof hazardGradeField>;

export const hazardGradeField = z.enum(['ORDINARY', 'MAJOR']);

const subjectField = z.string().min(1).max(100);
const hazard = { hazard: idField, at: timeField };

/** Names are the storage format: never reuse one for something else. */
export const hazardEvents = {
  ...inspectionsPublishedEvents,
  HazardGraded: z.strictObject({ ...hazard, grade: hazardGradeField, dueAt: timeField }),
  HazardFixedOnSpot: z.strictObject(hazard),
  /** `rectifier` is the subject who recorded it: somebody else rechecks. */
  HazardRectified: z.strictObject({ ...hazard, evidence: textField, rectifier: subjectField }),
  HazardRecheckPassed: z.strictObject(hazard),
  HazardRecheckFailed: z.strictObject({ ...hazard, dueAt: timeField }),
  HazardOverdue: z.strictObject({ ...hazard, dueAt: timeField }),
  HazardMoved: z.strictObject({ ...hazard, from: areaCodeField, to: areaCodeField }),
};

export type HazardEvent = EventsOf<typeof hazardEvents>;
