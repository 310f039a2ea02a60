import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHINA_DIVISION_FILES } from './china-division.js';
import { isBadRow, readDivisionFile } from './division-rows.js';
import { ExtractIncomplete, extractDivisions } from './extract.js';

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'extract-'));
  for (const { file } of CHINA_DIVISION_FILES) await writeFile(join(dir, file), 'code,name\n');
});
afterEach(() => rm(dir, { recursive: true }));

describe('an extract', () => {
  it('is sorted by code as a number and quoted only where needed', async () => {
    await writeFile(join(dir, 'cities.csv'), 'code,name,x\n4305,"邵阳市",\n4304,"衡阳市",\n');
    await writeFile(join(dir, 'areas.csv'), 'code,name\n430503,"甲,""乙"""\n430502,"双清区"\n');
    const file = join(dir, 'new', '4305.csv');
    expect(await extractDivisions(dir, '4305', file)).toBe(3);
    expect(await readFile(file, 'utf8')).toBe(
      'code,name\n4305,邵阳市\n430502,双清区\n430503,"甲,""乙"""\n',
    );
    expect(await readdir(join(dir, 'new'))).toEqual(['4305.csv']);
  });

  it('is not written when a row of its source cannot be read', async () => {
    await writeFile(join(dir, 'cities.csv'), 'code,name\n4305,邵阳市\n4306,"岳阳市\n');
    const file = join(dir, '4305.csv');
    await expect(extractDivisions(dir, '4305', file)).rejects.toThrow(ExtractIncomplete);
    expect(await readdir(dir)).not.toContain('4305.csv');
  });
});

describe('the divisions of Shaoyang in this repository', () => {
  const path = join(import.meta.dirname, '4305.csv');

  async function codes(): Promise<readonly string[]> {
    const rows = await collect(readDivisionFile(path));
    return rows.map((row) => (isBadRow(row) ? row.reason : row.code));
  }

  it('are 1 prefecture, 12 counties, 206 townships and 3,675 villages', async () => {
    const counts = new Map<number, number>();
    for (const { length } of await codes()) counts.set(length, (counts.get(length) ?? 0) + 1);
    expect([...counts]).toEqual([
      [4, 1],
      [6, 12],
      [9, 206],
      [12, 3675],
    ]);
  });

  it('have unique codes, each after its parent, in the order of the extract', async () => {
    const seen = new Set<string>();
    let last = 0;
    for (const code of await codes()) {
      const parent = code.slice(0, { 6: 4, 9: 6, 12: 9 }[code.length] ?? 0);
      expect(parent === '' || seen.has(parent)).toBe(true);
      expect(Number(code)).toBeGreaterThan(last);
      last = Number(code);
      seen.add(code);
    }
    expect(seen.size).toBe(3894);
  });

  it('are all under 4305 and hold no virtual village', async () => {
    const all = await codes();
    expect(all.filter((code) => !/^4305(\d{2}(\d{3}){0,2})?$/.test(code))).toEqual([]);
    expect(all.filter((code) => /^\d{9}[45]98$/.test(code))).toEqual([]);
  });

  it('stand in the file as the extract writes it', async () => {
    const text = await readFile(path, 'utf8');
    expect(text.startsWith('code,name\n4305,邵阳市\n')).toBe(true);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toMatch(/[\r"\uFEFF]/);
  });
});
