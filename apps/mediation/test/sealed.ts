import { type Sealed, sealedField } from '#libs/contracts';
import { openMemoryKeys, Sealing } from '#libs/privacy';
import type { FileText, PartyDetails } from '../src/dispute.events.js';

/** The keys of everybody in one file of specs: what one room has sealed, the next one opens. */
export const keys = openMemoryKeys();
export const sealing = new Sealing(keys);

export const sealedName = (party: string, name: string): Sealed<PartyDetails> =>
  sealing.seal<PartyDetails>(party, { name });
export const sealedText = (dispute: string, text: string): Sealed<FileText> =>
  sealing.seal<FileText>(dispute, { text });

const section = sealedField();

/** The same with what is in its sections: two sections of one content never are the same. */
export function unsealed(value: unknown, by: Sealing = sealing): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) => {
    const { success, data } = section.safeParse(each);
    return success ? by.open(data) : each;
  });
}
