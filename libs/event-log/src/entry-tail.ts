import { decodeEntryOnly, type StoredEntry } from './entry.js';

const ENTRIES_MAX = 16_384;
const BYTES_MAX = 16 * 1024 * 1024;
/** So many are let go of at once: taking them out singly would move all the others each time. */
const LET_GO = 1_024;

/** The newest entries of a log, kept in memory: whoever follows a log asks for these. */
export class EntryTail {
  private entries: Uint8Array[] = [];
  private bytes = 0;

  /** @param start the position of the first entry that is kept */
  constructor(private first: number) {}

  get start(): number {
    return this.first;
  }

  get end(): number {
    return this.first + this.entries.length;
  }

  add(entry: Uint8Array): void {
    // A copy: what a server sends comes in large pieces, each kept as long as any part of it.
    this.entries.push(Uint8Array.prototype.slice.call(entry));
    this.bytes += entry.length;
    if (
      this.entries.length > LET_GO &&
      (this.bytes > BYTES_MAX || this.entries.length > ENTRIES_MAX)
    )
      this.letGo();
  }

  at(position: number): Uint8Array | undefined {
    return this.entries[position - this.start];
  }

  /** Undefined unless all of them are kept. */
  range(from: number, to: number): readonly Uint8Array[] | undefined {
    if (from < this.start || to > this.end) return undefined;
    return this.entries.slice(from - this.start, to - this.start);
  }

  /** A stream up to its event at `head`; undefined unless all of it is kept. */
  stream(head: number): readonly StoredEntry[] | undefined {
    const found: StoredEntry[] = [];
    for (let at: number | null = head; at !== null;) {
      const bytes: Uint8Array | undefined = this.at(at);
      if (bytes === undefined) return undefined;
      const entry = decodeEntryOnly(at, bytes);
      found.push(entry);
      at = entry.previous !== null && entry.previous < at ? entry.previous : null;
    }
    return found.reverse();
  }

  private letGo(): void {
    const gone = this.entries.slice(0, LET_GO);
    this.entries = this.entries.slice(LET_GO);
    this.first += LET_GO;
    this.bytes -= gone.reduce((sum, { length }) => sum + length, 0);
  }
}
