import type { BadRow, DivisionRow } from './division-rows.js';
import { loadAreas, type AreaOutcome, type AreasDoor } from './load-areas.js';

function row(code: string, line = 1): DivisionRow {
  return { source: 'f.csv', line, code, name: `名${code}` };
}

function bad(line: number): BadRow {
  return { source: 'f.csv', line, text: '43,"', reason: 'unbalanced quote' };
}

/** A registry that knows what it was given before and refuses codes of five digits. */
function registry(): AreasDoor & { readonly batches: string[][] } {
  const known = new Set<string>();
  const batches: string[][] = [];
  return {
    batches,
    async registerAreas(batch) {
      batches.push(batch.map(({ code }) => code));
      return batch.map(({ code }): AreaOutcome => {
        if (code.length === 5) return { refused: 'not an area code' };
        if (known.has(code)) return 'unchanged';
        known.add(code);
        return 'recorded';
      });
    },
  };
}

function villages(count: number): readonly DivisionRow[] {
  return Array.from({ length: count }, (_, index) => row(String(430502001001 + index), index + 1));
}

describe('loading areas', () => {
  it('changes nothing the second time, and says so', async () => {
    const door = registry();
    const rows = [row('4305'), row('430502'), row('430503')];
    const counts = { rows: 3, refused: 0, firstRefusals: [] };
    expect(await loadAreas(rows, door)).toEqual({ ...counts, recorded: 3, unchanged: 0 });
    expect(await loadAreas(rows, door)).toEqual({ ...counts, recorded: 0, unchanged: 3 });
  });

  it('never puts a parent into the batch of its child', async () => {
    const door = registry();
    await loadAreas(
      ['4305', '430502', '430503', '430502001', '430511'].map((code) => row(code)),
      door,
    );
    expect(door.batches).toEqual([['4305'], ['430502', '430503'], ['430502001'], ['430511']]);
  });

  it('goes in batches of 500 and reports after each', async () => {
    const door = registry();
    const seen: unknown[] = [];
    const onProgress = (...progress: unknown[]): void => void seen.push(progress);
    await loadAreas(villages(1001), door, { total: 1001, onProgress });
    expect(door.batches.map((batch) => batch.length)).toEqual([500, 500, 1]);
    expect(seen).toEqual([
      [500, 1001],
      [1000, 1001],
      [1001, 1001],
    ]);
  });

  it('reports each row that is bad or refused and loads the others', async () => {
    const seen: string[] = [];
    const rows = [row('4305', 2), bad(3), row('43051', 4), row('430502', 5)];
    const result = await loadAreas(rows, registry(), {
      onRefused: ({ source, line }, reason) => void seen.push(`${source}:${line}: ${reason}`),
    });
    expect(seen).toEqual(['f.csv:3: unbalanced quote', 'f.csv:4: not an area code']);
    expect(result).toMatchObject({ rows: 4, recorded: 2, unchanged: 0, refused: 2 });
    expect(result.firstRefusals).toEqual([
      { row: bad(3), reason: 'unbalanced quote' },
      { row: row('43051', 4), reason: 'not an area code' },
    ]);
  });

  it('keeps the first twenty refusals only, however many there are', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => bad(index));
    const result = await loadAreas(rows, registry());
    expect(result).toMatchObject({ rows: 1000, refused: 1000 });
    expect(result.firstRefusals.map((refusal) => refusal.row.line)).toEqual([...Array(20).keys()]);
  });

  it('counts to the end even if the last rows are bad', async () => {
    const done: number[] = [];
    const rows = [row('4305'), bad(3), bad(4)];
    await loadAreas(rows, registry(), { onProgress: (count) => void done.push(count) });
    expect(done.at(-1)).toBe(3);
  });

  it('stops when the registry fails or does not answer for every row', async () => {
    const down: AreasDoor = { registerAreas: () => Promise.reject(new Error('disk full')) };
    const mute: AreasDoor = { registerAreas: () => Promise.resolve([]) };
    await expect(loadAreas([row('4305')], down)).rejects.toThrow('disk full');
    await expect(loadAreas([row('4305')], mute)).rejects.toThrow('answer for each row');
  });
});
