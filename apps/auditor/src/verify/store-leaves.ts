import {
  openStoredCheckpoints,
  openStoredEvents,
  PREVIOUS_UNIT,
  type StoredEvents,
} from '#libs/stored-log';
import { bundleOf, emptyBundle, type LeafBundle } from './leaf-bundle.js';
import type { LeafReader } from './leaf-reader.js';
import { readNumbers } from './read-numbers.js';

const NONE = -1;

/** Reads a service's folder. */
export function openStoreLeaves(dir: string): LeafReader {
  const stored = openStoredEvents(dir);
  const signed = openStoredCheckpoints(dir);
  return {
    bundle: (from, to) => joinedBundle(stored, from, to) ?? bundleOfRows(stored, from, to),
    tile: (level, index) => stored.tile(level, index),
    notes: (epochs, above, upTo) =>
      epochs.flatMap((epoch) => signed?.between(epoch, above, upTo) ?? []),
    close: () => {
      stored.close();
      signed?.close();
    },
  };
}

/** All entries at once, if all are there and are bytes. */
function joinedBundle(stored: StoredEvents, from: number, to: number): LeafBundle | undefined {
  const [data, numbers] = stored.joined(from, to);
  const count = to - from;
  const packed = new Float64Array(count);
  if (data === null || numbers === null || readNumbers(numbers, packed) !== count) return undefined;
  const { starts, ends } = emptyBundle();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const number = packed[index] ?? 0;
    const previous = Math.floor(number / PREVIOUS_UNIT);
    starts[index] = at;
    at += number - previous * PREVIOUS_UNIT;
    ends[index] = at;
    at += 1;
    packed[index] = previous;
  }
  // Text counts characters, so that what is no blob does not add up.
  return at - 1 === data.length ? { data, starts, ends, previous: packed } : undefined;
}

function bundleOfRows(stored: StoredEvents, from: number, to: number): LeafBundle {
  const entries = new Array<Uint8Array | undefined>(to - from).fill(undefined);
  const previous = new Float64Array(to - from).fill(NONE);
  for (const [position, entry, before] of stored.rows(from, to)) {
    if (entry instanceof Uint8Array) entries[position - from] = entry;
    // What is neither a number from 0 nor nothing is no position that an entry names.
    const named = Number(before);
    previous[position - from] = before === null ? NONE : named - Number(named < 0);
  }
  return bundleOf(entries, previous);
}
