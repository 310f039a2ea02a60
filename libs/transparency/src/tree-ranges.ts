/**
 * Which parts of a tree a proof is made of. A range of leaves starts at a multiple of a power of
 * two that is not smaller than its width, as every subtree of RFC 6962 does.
 */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** A full subtree: the `index`-th of those that span 2^height leaves. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The ranges whose roots prove that a leaf is in a tree, its sibling first (RFC 6962, 2.1.1). */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const siblings: Range[] = [];
  let range: Range = { begin: 0, end: size };
  while (width(range) > 1) {
    const [left, right] = split(range);
    const goesLeft = index < left.end;
    siblings.unshift(goesLeft ? right : left);
    range = goesLeft ? left : right;
  }
  return siblings;
}

/**
 * The ranges whose roots prove that a tree begins with an older one, the lowest first (RFC 6962,
 * 2.1.2). The verifier knows the older root, so it is left out where it is a whole subtree.
 *
 * @param oldSize leaves, 1 to `newSize`
 */
export function consistencyRanges(oldSize: number, newSize: number): readonly Range[] {
  const ranges: Range[] = [];
  let range: Range = { begin: 0, end: newSize };
  while (range.end !== oldSize) {
    const [left, right] = split(range);
    const goesLeft = oldSize <= left.end;
    ranges.unshift(goesLeft ? right : left);
    range = goesLeft ? left : right;
  }
  return range.begin === 0 ? ranges : [range, ...ranges];
}

/** The full subtrees that a range consists of, from the largest, on the left, to the smallest. */
export function subtreesOf({ begin, end }: Range): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = begin; at < end;) {
    const height = heightWithin(end - at);
    subtrees.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return subtrees;
}

/** RFC 6962 splits at the largest power of two that is smaller than the width. */
function split(range: Range): readonly [Range, Range] {
  const middle = range.begin + 2 ** heightWithin(width(range) - 1);
  return [
    { begin: range.begin, end: middle },
    { begin: middle, end: range.end },
  ];
}

/** The height of the largest full subtree in `leaves`; logarithms are inexact near 2^53. */
function heightWithin(leaves: number): number {
  let height = 0;
  while (2 ** (height + 1) <= leaves) height += 1;
  return height;
}

function width({ begin, end }: Range): number {
  return end - begin;
}
