import { SubjectErased, type SubjectKeys } from '#libs/privacy';
import type { Chance } from '../src/demo-chance.js';

const KEY_BYTES = 32;

/** 留存的密钥: what `keys.db` holds. Keys come from the seed, or no two runs would be the same. */
export class KeptKeys {
  readonly logKey: Buffer;
  private readonly durable = new Map<string, Buffer | 'destroyed'>();

  constructor(private readonly chance: Chance) {
    this.logKey = this.bytes(KEY_BYTES);
  }

  /** The keys as one process sees them: what it has not flushed ends with it. */
  open(): SubjectKeys & { readonly isFresh: () => boolean } {
    const { durable, logKey } = this;
    const fresh = new Map<string, Buffer>();
    const find = (subject: string): Buffer | 'destroyed' | undefined =>
      fresh.get(subject) ?? durable.get(subject);
    return {
      logKey,
      find,
      isFresh: () => fresh.size > 0,
      obtain: (subject) => {
        const found = find(subject);
        if (found === 'destroyed') throw new SubjectErased();
        if (found !== undefined) return found;
        const key = this.bytes(KEY_BYTES);
        fresh.set(subject, key);
        return key;
      },
      flush: () => {
        for (const [subject, key] of fresh) durable.set(subject, key);
        fresh.clear();
      },
      destroy: (subject) => {
        fresh.delete(subject);
        durable.set(subject, 'destroyed');
      },
      close: () => fresh.clear(),
    };
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => Math.floor(this.chance.next() * 256)));
  }
}
