import { z } from 'zod';
import { areaCodeField, type EventsOf, idField, timeField } from '#libs/contracts';

/** 班次风险: a risky task is one with possible danger (Volunteer Service Regulation art. 17). */
export const shiftRiskField = z.enum(['ORDINARY', 'RISKY']);

const shift = { shift: idField, at: timeField };

/** Names are the storage format: never reuse one for something else. */
export const shiftEvents = {
  ShiftPublished: z.strictObject({
    ...shift,
    team: idField,
    grid: areaCodeField,
    startsAt: timeField,
    endsAt: timeField,
    risk: shiftRiskField,
  }),
  ShiftClaimed: z.strictObject({ ...shift, volunteer: idField }),
  ShiftCheckedIn: z.strictObject({ ...shift, volunteer: idField }),
  ShiftCheckedOut: z.strictObject({ ...shift, volunteer: idField }),
  /** Whole minutes truly spent, travel not counted; who confirmed them is the event's actor. */
  HoursConfirmed: z.strictObject({ ...shift, volunteer: idField, minutes: z.int().min(0) }),
  /** Without a reason: it would mostly be one about a person. */
  ShiftCancelled: z.strictObject({ ...shift, volunteer: idField.nullable() }),
  /** The shift went along to the successor of its grid. */
  ShiftMoved: z.strictObject({ ...shift, from: areaCodeField, grid: areaCodeField }),
};

export type ShiftRisk = z.infer<typeof shiftRiskField>;
export type ShiftEvent = EventsOf<typeof shiftEvents>;
