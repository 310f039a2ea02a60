import type { KeyObject } from 'node:crypto';
import { sealingKeys } from './suite.js';

/** What sealing needs of a master key. */
export interface DerivedKeys {
  readonly encryption: KeyObject;
  /**
   * Stands in each section, and with it under the log's proofs: AES-GCM alone lets two keys open
   * one box to two contents, so it binds the key. To who has no key it is 32 random bytes.
   */
  readonly commitment: string;
}

interface Entry extends DerivedKeys {
  readonly master: Buffer;
}

/**
 * Keys derived lately; a list that is opened row by row does not derive each of them again. They go
 * in two generations: a map out of which its first is taken, each time, passes over all the places
 * that have become empty before it.
 */
export class DerivedKeyCache {
  private young = new Map<string, Entry>();
  private old = new Map<string, Entry>();
  private readonly generation: number;

  /** @param limit of keys, at least 2 */
  constructor(limit: number) {
    this.generation = Math.floor(limit / 2);
  }

  /** Of the master key that the store holds now: a cached one does not outlive its master. */
  of(subject: string, master: Buffer): DerivedKeys {
    const young = this.young.get(subject);
    if (young?.master.equals(master)) return young;
    const old = this.old.get(subject);
    const isStale = young !== undefined || !(old?.master.equals(master) ?? true);
    if (isStale) this.drop(subject);
    const entry = isStale || old === undefined ? derive(master) : old;
    this.keep(subject, entry);
    return entry;
  }

  drop(subject: string): void {
    for (const entries of [this.young, this.old]) {
      entries.get(subject)?.master.fill(0);
      entries.delete(subject);
    }
  }

  private keep(subject: string, entry: Entry): void {
    // Before it is young: what goes with the old ones is overwritten.
    this.old.delete(subject);
    if (this.young.size >= this.generation) {
      for (const { master } of this.old.values()) master.fill(0);
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(subject, entry);
  }
}

/** With a copy of the master key, since it is overwritten when it is dropped. */
function derive(master: Buffer): Entry {
  return { master: Buffer.from(master), ...sealingKeys(master) };
}
