import assert from 'node:assert/strict';
import { isBadRow, type BadRow, type DivisionRow } from './division-rows.js';

/** What became of one row: a new area, one that is there with the same name, or none. */
export type AreaOutcome = 'recorded' | 'unchanged' | { readonly refused: string };

/** The registry as the loader sees it: one outcome for each row, in the rows' order. */
export type AreasDoor = {
  registerAreas(batch: readonly DivisionRow[]): Promise<readonly AreaOutcome[]>;
};

export type Refusal = { readonly row: DivisionRow | BadRow; readonly reason: string };

export type LoadOptions = {
  readonly total?: number;
  readonly onProgress?: (done: number, total: number | undefined) => void;
  readonly onRefused?: (row: DivisionRow | BadRow, reason: string) => void;
  readonly batchSize?: number;
};

/** rows = recorded + unchanged + refused; of the refusals the first twenty are kept. */
export type LoadResult = {
  readonly rows: number;
  readonly recorded: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly firstRefusals: readonly Refusal[];
};

const BATCH_ROWS = 500;
const KEPT_REFUSALS = 20;

/**
 * Registers areas in batches; a row that cannot be read or is refused is reported and the rest goes
 * on. A batch holds codes of one length, so that a parent is never in the batch of its child and
 * the door may take the rows of a batch in any order.
 */
export async function loadAreas(
  rows: AsyncIterable<DivisionRow | BadRow> | Iterable<DivisionRow | BadRow>,
  door: AreasDoor,
  options: LoadOptions = {},
): Promise<LoadResult> {
  const { batchSize = BATCH_ROWS } = options;
  const tally: Tally = { rows: 0, recorded: 0, unchanged: 0, refused: 0, firstRefusals: [] };
  const register = async (batch: readonly DivisionRow[]): Promise<void> => {
    if (batch.length > 0) countBatch(tally, batch, await door.registerAreas(batch), options);
  };
  let batch: DivisionRow[] = [];
  for await (const row of rows) {
    if (isBadRow(row)) {
      countRefusal(tally, { row, reason: row.reason }, options);
      continue;
    }
    if (batch.length === batchSize || isOtherLevel(row, batch)) {
      await register(batch);
      batch = [];
    }
    batch.push(row);
  }
  await register(batch);
  return tally;
}

type Tally = { -readonly [Key in keyof LoadResult]: LoadResult[Key] };

function isOtherLevel(row: DivisionRow, batch: readonly DivisionRow[]): boolean {
  const [first] = batch;
  return first !== undefined && first.code.length !== row.code.length;
}

function countBatch(
  tally: Tally,
  batch: readonly DivisionRow[],
  outcomes: readonly AreaOutcome[],
  options: LoadOptions,
): void {
  assert.equal(outcomes.length, batch.length, 'The registry must answer for each row of a batch.');
  for (const [index, row] of batch.entries()) {
    const outcome = outcomes[index];
    assert(outcome !== undefined);
    if (typeof outcome === 'object') {
      countRefusal(tally, { row, reason: outcome.refused }, options);
    } else {
      tally.rows += 1;
      tally[outcome] += 1;
    }
  }
  options.onProgress?.(tally.rows, options.total);
}

function countRefusal(tally: Tally, refusal: Refusal, { onRefused }: LoadOptions): void {
  tally.rows += 1;
  tally.refused += 1;
  if (tally.refused <= KEPT_REFUSALS) tally.firstRefusals = [...tally.firstRefusals, refusal];
  onRefused?.(refusal.row, refusal.reason);
}
