/** Numbers that are the same for the same seed (mulberry32): a run can be asked for again. */
export function chanceOf(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** A whole number from `least` to `most`. */
    between: (least: number, most: number): number =>
      least + Math.floor(next() * (most - least + 1)),
    /** Whether something happens that does so once in `times`. */
    oneIn: (times: number): boolean => next() * times < 1,
  };
}

export type Chance = ReturnType<typeof chanceOf>;
