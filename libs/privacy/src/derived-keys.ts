import type { KeyObject } from 'node:crypto';
import { deriveKey, keyOf } from './suite.js';

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

/** Keys derived lately; a list that is opened row by row does not derive each of them again. */
export class DerivedKeyCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly limit: number) {}

  /** Of the master key that the store holds now: a cached one does not outlive its master. */
  of(subject: string, master: Buffer): DerivedKeys {
    const known = this.entries.get(subject);
    const entry = known?.master.equals(master) ? known : derive(master);
    // Put at the end again: the first is the one that was unused for longest.
    this.entries.delete(subject);
    this.entries.set(subject, entry);
    if (this.entries.size > this.limit) this.dropFirst();
    return entry;
  }

  drop(subject: string): void {
    const entry = this.entries.get(subject);
    entry?.master.fill(0);
    this.entries.delete(subject);
  }

  private dropFirst(): void {
    const first = this.entries.keys().next();
    if (!first.done) this.drop(first.value);
  }
}

function derive(master: Buffer): Entry {
  const key = keyOf(master);
  return {
    // A copy, since it is overwritten when it is dropped.
    master: Buffer.from(master),
    encryption: keyOf(deriveKey(key, 'encryption')),
    commitment: deriveKey(key, 'commitment').toString('base64url'),
  };
}
