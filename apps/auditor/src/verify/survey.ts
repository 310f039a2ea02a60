import type { SignedRoot } from './chunk.js';
import type { Epoch } from './epochs.js';

/** 概况: what is known of a log before its entries are read. */
export interface Survey {
  /** Entries that are to be checked. */
  readonly head: number;
  readonly epochs: readonly Epoch[];
  /** Signed roots beside those that are found with the entries: published ones, and those beyond the head. */
  readonly signed: readonly SignedRoot[];
  /** Notes among these, good or not. */
  readonly noteCount: number;
}
