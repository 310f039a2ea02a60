import fc from 'fast-check';
import {
  areaCode,
  closing,
  COUNTY,
  created,
  GRID,
  opened,
  PREFECTURE,
  registered,
  renamed,
  retired,
  VILLAGE,
} from '../test/registry.js';
import { anyTurns, inTurn, openRegistry, rowsInTurns, tell } from '../test/room.js';
import { areasView } from './areas.view.js';

describe('an area', () => {
  it.each([
    ['0', 'COUNTRY', null],
    ['43', 'PROVINCE', '0'],
    ['4305', 'PREFECTURE', '43'],
    ['430502', 'COUNTY', '4305'],
    ['430502001', 'TOWNSHIP', '430502'],
    ['430502001001', 'VILLAGE', '430502001'],
  ])('has a name, a level and the area above it: %s', async (code, level, parent) => {
    const { log, views } = openRegistry();
    await tell(log, { [`area-${code}`]: [registered(code, '某地')] });
    const row = await views.get(areasView, code);
    expect(row).toMatchObject({ code, name: '某地', level, parent });
  });

  it('may be a grid, which lies in its village and can get another name', async () => {
    const { log, views } = openRegistry();
    await tell(log, { [`grid-${GRID}`]: [opened] });
    const grid = { code: GRID, name: '第一网格', level: 'GRID', parent: VILLAGE };
    expect(await views.get(areasView, GRID)).toMatchObject(grid);
    await tell(log, { [`grid-${GRID}`]: [renamed] });
    expect(await views.get(areasView, GRID)).toMatchObject({ ...grid, name: '河畔网格' });
  });

  it('knows those right under it, by code, and no others', async () => {
    const { log, views } = openRegistry();
    const codes = ['430503', '430502', '4305', '430502001', '4301', '430102', '43', '430521'];
    const streams = Object.fromEntries(codes.map((code) => [`area-${code}`, [registered(code)]]));
    await tell(log, { ...streams, 'post-1': [created] });
    const childrenOf = async (parent: string) => {
      const equals = { parent: areaCode(parent), current: true };
      const query = { equals, orderBy: ['code'], limit: 10 } as const;
      return (await views.find(areasView, query)).map(({ code }) => code);
    };
    expect(await childrenOf('4305')).toEqual(['430502', '430503', '430521']);
    expect(await childrenOf('43')).toEqual(['4301', '4305']);
    expect(await childrenOf('430502001')).toEqual([]);
  });
});

describe('a grid that is closed', () => {
  it('is found by its code, but is no part of its village any more', async () => {
    const { log, views } = openRegistry();
    const under = { equals: { parent: VILLAGE, current: true }, orderBy: ['code'] } as const;
    const children = async () => (await views.findAll(areasView, under)).map(({ code }) => code);
    await tell(log, { [`grid-${GRID}`]: [opened, closing, renamed] });
    expect(await children()).toEqual([GRID]);
    await tell(log, { [`grid-${GRID}`]: [retired] });
    expect(await children()).toEqual([]);
    expect(await views.get(areasView, GRID)).toMatchObject({ name: '河畔网格', current: false });
  });
});

describe('the areas', () => {
  const streams = {
    [`area-${PREFECTURE}`]: [registered(PREFECTURE)],
    [`area-${COUNTY}`]: [registered(COUNTY)],
    [`area-${VILLAGE}`]: [registered(VILLAGE)],
    [`grid-${GRID}`]: [opened, renamed, closing, { ...renamed, name: '第三个名字' }, retired],
    'post-1': [created],
  };

  it('are the same in whatever order the streams come', async () => {
    const rows = await rowsInTurns(areasView, { streams, turns: inTurn(streams) });
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)).toMatchObject({ code: GRID, name: '第三个名字', current: false });
    const same = fc.asyncProperty(anyTurns(streams), async (turns) => {
      expect(await rowsInTurns(areasView, { streams, turns })).toEqual(rows);
    });
    await fc.assert(same, { numRuns: 50 });
  });
});
