import { type ObservationText, type Sealed, sealedField } from '#libs/contracts';
import { openMemoryKeys, Sealing } from '#libs/privacy';
import type { VolunteerDetails } from '../src/volunteer.events.js';

/** The keys of everybody in one file of specs: what one room has sealed, the next one opens. */
export const keys = openMemoryKeys();
export const sealing = new Sealing(keys);

export const sealedDetails = (volunteer: string, details: VolunteerDetails) =>
  sealing.seal<VolunteerDetails>(volunteer, details);
export const sealedText = (observation: string, text: ObservationText): Sealed<ObservationText> =>
  sealing.seal<ObservationText>(observation, text);

const section = sealedField();

/** The same with what is in its sections: two sections of one content never are the same. */
export function unsealed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) => {
    const { success, data } = section.safeParse(each);
    return success ? sealing.open(data) : each;
  });
}
