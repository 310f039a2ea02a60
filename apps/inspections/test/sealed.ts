import { type HazardText, type Sealed, sealedField } from '#libs/contracts';
import { openMemoryKeys, Sealing } from '#libs/privacy';
import type { RectificationText } from '../src/hazard.events.js';

/** The keys of everybody in one file of specs: what one room has sealed, the next one opens. */
export const keys = openMemoryKeys();
export const sealing = new Sealing(keys);

export const sealedText = (hazard: string, description: string): Sealed<HazardText> =>
  sealing.seal<HazardText>(hazard, { description });
export const sealedEvidence = (subject: string, evidence: string): Sealed<RectificationText> =>
  sealing.seal<RectificationText>(subject, { evidence });

const section = sealedField();

/** The same with what is in its sections: two sections of one content never are the same. */
export function unsealed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) => {
    const { success, data } = section.safeParse(each);
    return success ? sealing.open(data) : each;
  });
}
