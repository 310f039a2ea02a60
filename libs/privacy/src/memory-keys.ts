import { SubjectErased } from './faults.js';
import { randomOf } from './random-pool.js';
import type { FoundKey, SubjectKeys } from './subject-keys.js';
import { KEY_BYTES } from './suite.js';

/** Keys that end with the process: for specs. */
export function openMemoryKeys(): SubjectKeys {
  const keys = new Map<string, Buffer | 'destroyed'>();
  const find = (subject: string): FoundKey => keys.get(subject);
  return {
    logKey: randomOf(KEY_BYTES),
    find,
    obtain: (subject) => {
      const found = find(subject);
      if (found === 'destroyed') throw new SubjectErased();
      const key = found ?? randomOf(KEY_BYTES);
      keys.set(subject, key);
      return key;
    },
    flush: () => undefined,
    destroy: (subject) => void keys.set(subject, 'destroyed'),
    close: () => keys.clear(),
  };
}
