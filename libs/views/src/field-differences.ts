import { isDeepStrictEqual } from 'node:util';

/** A field that two rows have different values in. */
export interface FieldDifference {
  /** `parties[0].consented`; empty for the row as a whole. */
  readonly path: string;
  /** Undefined where there is no such field. */
  readonly live: unknown;
  readonly rebuilt: unknown;
}

/** Deeper than any row: what lies below is compared whole. */
const DEPTH_MAX = 32;

/** The fields in which two JSON values differ, in the order of the rebuilt one. */
export function fieldDifferences(live: unknown, rebuilt: unknown): readonly FieldDifference[] {
  return [...differences(live, rebuilt, '', 0)];
}

function* differences(
  live: unknown,
  rebuilt: unknown,
  path: string,
  depth: number,
): Generator<FieldDifference> {
  if (isDeepStrictEqual(live, rebuilt)) return;
  if (depth >= DEPTH_MAX || !areAlike(live, rebuilt)) {
    yield { path, live, rebuilt };
    return;
  }
  const [before, after] = [partsOf(live), partsOf(rebuilt)];
  for (const name of new Set([...after.keys(), ...before.keys()])) {
    const at = Array.isArray(rebuilt) ? `${path}[${name}]` : `${path}${path && '.'}${name}`;
    yield* differences(before.get(name), after.get(name), at, depth + 1);
  }
}

/** Both objects, or both lists: only then is there a part of the one to hold against the other's. */
function areAlike(a: unknown, b: unknown): boolean {
  const areObjects = typeof a === 'object' && typeof b === 'object' && a !== null && b !== null;
  return areObjects && Array.isArray(a) === Array.isArray(b);
}

function partsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value ?? {}));
}
