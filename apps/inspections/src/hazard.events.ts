import { z } from 'zod';
import { dueField } from '#libs/calendar';
import {
  areaCodeField,
  type EventsOf,
  idField,
  inspectionsPublishedEvents,
  sealedField,
  timeField,
} from '#libs/contracts';

/** 隐患等级: ordinary or major (order 16 of the work safety administration, art. 3). */
export type HazardGrade = z.infer<typeof hazardGradeField>;

export const hazardGradeField = z.enum(['ORDINARY', 'MAJOR']);

/** 整改情况: what was done about a hazard, and what shows it. */
export interface RectificationText {
  readonly evidence: string;
}

const subjectField = z.string().min(1).max(100);
const hazard = { hazard: idField, at: timeField };

/** Names are the storage format: never reuse one for something else. */
export const hazardEvents = {
  ...inspectionsPublishedEvents,
  HazardGraded: z.strictObject({ ...hazard, grade: hazardGradeField, dueAt: timeField }),
  HazardFixedOnSpot: z.strictObject(hazard),
  HazardRectified: z.strictObject({
    ...hazard,
    /** Under an id made for this text, so that there can be another once a first was erased. */
    sealed: sealedField<RectificationText>(),
    /** The subject who recorded it: somebody else rechecks. */
    rectifier: subjectField,
  }),
  /** The time to recheck it in begins, with all that its end was computed from. */
  RecheckTermSet: z.strictObject({ ...hazard, due: dueField }),
  /** A newer calendar says otherwise: when it ended before, and when it ends now. */
  RecheckTermCorrected: z.strictObject({
    ...hazard,
    reason: z.literal('CALENDAR_ADOPTED'),
    was: timeField,
    due: dueField,
  }),
  /** Nobody rechecked it in time; it can be rechecked as before. */
  RecheckTermPassed: z.strictObject({ ...hazard, dueAt: timeField }),
  HazardRecheckPassed: z.strictObject(hazard),
  HazardRecheckFailed: z.strictObject({ ...hazard, dueAt: timeField }),
  HazardOverdue: z.strictObject({ ...hazard, dueAt: timeField }),
  HazardMoved: z.strictObject({ ...hazard, from: areaCodeField, to: areaCodeField }),
};

export type HazardEvent = EventsOf<typeof hazardEvents>;
