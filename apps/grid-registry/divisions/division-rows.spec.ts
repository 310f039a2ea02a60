import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DivisionFileInvalid,
  isBadRow,
  readDivisionFile,
  type ReadDivisionOptions,
} from './division-rows.js';

const VIRTUAL = join(import.meta.dirname, 'fixtures', 'virtual.csv');

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'division-rows-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function rowsOf(content: string | Buffer, options: ReadDivisionOptions = { source: 'f' }) {
  const file = join(dir, 'divisions.csv');
  await writeFile(file, content);
  return collect(readDivisionFile(file, options));
}

describe('a file of divisions', () => {
  it('gives its rows with their lines; columns are found by the header', async () => {
    expect(
      await rowsOf('\uFEFFparent,name,code\r\n\r\n,"湖南省",43\r\n43,邵阳市,4305\r\n'),
    ).toEqual([
      { source: 'f', line: 3, code: '43', name: '湖南省' },
      { source: 'f', line: 4, code: '4305', name: '邵阳市' },
    ]);
  });

  it('keeps only the rows asked for, and every bad row', async () => {
    const keep = (code: string): boolean => code.startsWith('43');
    const rows = await rowsOf('code,name\n43,湖南省\n44,广东省\n45,"广西\n', { keep });
    expect(rows.map((row) => (isBadRow(row) ? row.reason : row.code))).toEqual([
      '43',
      'unbalanced quote',
    ]);
    expect(rows[0]?.source).toBe(join(dir, 'divisions.csv'));
  });

  it.each([
    ['43', '1 columns where the header has 2'],
    ['43,湖南省,x', '3 columns where the header has 2'],
    [',湖南省', 'code missing'],
    ['43,', 'name empty'],
    ['43,"  "', 'name empty'],
    [`43,${'枫'.repeat(101)}`, 'name longer than 100 characters'],
    ['43,"湖南', 'unbalanced quote'],
    [`43,${'枫'.repeat(5000)}`, 'line longer than 4096 characters'],
  ])('refuses a bad row with its line and reason, and goes on: %.12s', async (text, reason) => {
    const [bad, good, ...others] = await rowsOf(`code,name\n${text}\n44,广东省\n`);
    expect(bad).toEqual({ source: 'f', line: 2, text: text.slice(0, 200), reason });
    expect(good).toEqual({ source: 'f', line: 3, code: '44', name: '广东省' });
    expect(others).toEqual([]);
  });

  it('takes a name of 100 characters, rare ones counted once', async () => {
    const name = '\u{20BB7}'.repeat(100);
    expect(await rowsOf(`code,name\n43,${name}\n`)).toMatchObject([{ code: '43', name }]);
  });

  it('refuses a name that is not UTF-8', async () => {
    const gbk = Buffer.concat([Buffer.from('code,name\n43,'), Buffer.from('bafec4cf', 'hex')]);
    expect(await rowsOf(gbk)).toMatchObject([{ line: 2, reason: 'name is not UTF-8' }]);
  });

  it.each([
    ['', 'f: the file is empty'],
    ['43,湖南省\n', 'f: its first line must name the columns code and name'],
    ['"code,name\n', 'f: its first line must name the columns code and name'],
  ])('is refused whole without a header: %j', async (content, message) => {
    await expect(rowsOf(content)).rejects.toThrow(new DivisionFileInvalid(message));
  });

  it('is a fault if it is not there', async () => {
    const missing = collect(readDivisionFile(join(dir, 'none.csv')));
    await expect(missing).rejects.toThrow('ENOENT');
  });
});

describe('the fixture of virtual villages and bad rows', () => {
  it('passes codes on unjudged and loses only the rows that cannot be read', async () => {
    const rows = await collect(readDivisionFile(VIRTUAL));
    expect(rows.map((row) => [row.line, isBadRow(row) ? row.reason : row.code])).toEqual([
      [2, '4305'],
      [3, '430502'],
      [4, '430502001'],
      [5, '430502001001'],
      [6, '430502001498'],
      [7, '430502001598'],
      [8, 'unbalanced quote'],
      [9, '430502001003'],
      [10, '43050'],
      [11, 'name empty'],
      [12, '430502001000'],
      [13, '430502001005'],
    ]);
    expect(rows.at(-1)).toMatchObject({ name: '名称里有"引号",也有逗号的社区' });
  });
});
