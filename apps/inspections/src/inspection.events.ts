import { z } from 'zod';
import { areaCodeField, type EventsOf, idField, timeField } from '#libs/contracts';

/** 检查结果: what was found of one item. */
export type CheckResult = z.infer<typeof checkResultField>;

export const checkResultField = z.enum(['PASS', 'FAIL', 'NOT_APPLICABLE']);
/** Any item that a checklist has ever had: checklists change, what was recorded stays. */
const itemField = z.string().regex(/^[A-Z]\d{1,2}$/);

const inspection = { inspection: idField, at: timeField };

/** Names are the storage format: never reuse one for something else. */
export const inspectionEvents = {
  InspectionRecorded: z.strictObject({
    ...inspection,
    place: idField,
    grid: areaCodeField,
    /** The subject who inspected: for what was found, somebody else rechecks. */
    inspector: z.string().min(1).max(100),
    items: z.array(z.strictObject({ code: itemField, result: checkResultField })).min(1),
  }),
  HazardNoted: z.strictObject({ ...inspection, item: itemField, hazard: idField }),
};

export type InspectionEvent = EventsOf<typeof inspectionEvents>;
