/** What a figure must reach and what it aims at, as ratios unless it is a value of its own. */
export interface Goal {
  readonly figure: string;
  readonly unit: string;
  readonly must: number;
  readonly aim: number;
  /** Whether less is better. */
  readonly atMost?: boolean;
}

/** One measurement: a value, and what it is measured against in the same round. */
export interface Measured {
  readonly value: number;
  /** Null for a value that stands for itself. */
  readonly limit: number | null;
}

export interface Figure extends Measured {
  readonly figure: string;
  readonly unit: string;
  readonly ratio: number | null;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** The round whose ratio is the median: its value, limit and ratio belong together. */
export function figureOf({ figure, unit }: Goal, rounds: readonly Measured[]): Figure {
  const scored = rounds.map(({ value, limit }) => ({ value, limit, score: value / (limit ?? 1) }));
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  const { value, limit, score } = sorted[Math.floor(sorted.length / 2)] ?? {
    value: NaN,
    limit: null,
    score: NaN,
  };
  return {
    figure,
    value: rounded(value),
    unit,
    limit: limit === null ? null : rounded(limit),
    ratio: limit === null ? null : rounded(score),
  };
}

/** A line for people: the figure, its ratio, and whether it reached what it must. */
export function line(goal: Goal, { figure, value, unit, limit, ratio }: Figure): string {
  const reached = ratio ?? value;
  const isMet = goal.atMost === true ? reached <= goal.must : reached >= goal.must;
  const bound = goal.atMost === true ? 'at most' : 'at least';
  return [
    figure.padEnd(18),
    `${value} ${unit}`.padEnd(22),
    (limit === null ? '' : `against ${limit}`).padEnd(18),
    String(reached).padEnd(8),
    `${bound} ${goal.must}, aim ${goal.aim}`.padEnd(26),
    isMet ? 'met' : 'MISSED',
  ].join(' ');
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
