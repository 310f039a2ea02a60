import { z } from 'zod';
import { accountField, type EventsOf, idField, sealedField, timeField } from '#libs/contracts';

/** 志愿者信息: who a volunteer is; sealed for the volunteer alone, whose id is the subject. */
export interface VolunteerDetails {
  readonly name: string;
  /**
   * The day on which a minor comes of age, null for an adult: no more is kept of a date of birth.
   * A day here also says that a legal representative's consent was there.
   */
  readonly adultFrom: string | null;
}

const volunteer = { volunteer: idField, at: timeField };

/** Names are the storage format: never reuse one for something else. */
export const volunteerEvents = {
  VolunteerEnrolled: z.strictObject({
    ...volunteer,
    team: idField,
    /** The only event that holds it. */
    sealed: sealedField<VolunteerDetails>(),
    /** Under which account they sign in, if they do. */
    account: accountField.optional(),
  }),
  /** The volunteer's time from `startsAt` to `endsAt` is given to a shift. */
  VolunteerEngaged: z.strictObject({
    ...volunteer,
    shift: idField,
    startsAt: timeField,
    endsAt: timeField,
  }),
  /** The shift does not take place: the time is free again. */
  VolunteerFreed: z.strictObject({ ...volunteer, shift: idField }),
};

export type VolunteerEvent = EventsOf<typeof volunteerEvents>;
