import { given, refuse } from '#libs/event';
import {
  areaCode,
  COUNTY,
  GRID,
  NOW,
  PREFECTURE,
  registered,
  TOWNSHIP,
  VILLAGE,
  VIRTUAL,
} from '../test/registry.js';
import { type Area, areas, pathTo, registerArea, takesGrids } from './area.js';

const county = { code: COUNTY, name: '甲区', root: false, at: NOW };
const known = (code: string): Area => given(areas, [registered(code)]).state;
const unknown: Area = { status: 'none' };

describe('registering an area', () => {
  it('records its official code and name under the area above it', () => {
    const area = given(areas, []).when(registerArea, county, known('4305'));
    expect(area.then).toEqual([registered('430502', '甲区')]);
    expect(area.state).toEqual({ status: 'registered', code: COUNTY, name: '甲区' });
  });

  it('records nothing when the same data is loaded again, also with nothing known above', () => {
    const area = given(areas, [registered('430502', '甲区')]);
    expect(area.when(registerArea, county, known('4305')).then).toEqual([]);
    expect(area.when(registerArea, county, unknown).then).toEqual([]);
  });

  it('does not give a code another name', () => {
    const area = given(areas, [registered('430502', '甲区')]);
    const other = area.when(registerArea, { ...county, name: '乙区' }, known('4305'));
    const facts = { code: COUNTY, known: '甲区', name: '乙区' };
    expect(other.then).toEqual(refuse('AreaNameDiffers', facts));
  });

  it('needs the area above it, which the refusal names', () => {
    const area = given(areas, []).when(registerArea, county, unknown);
    expect(area.then).toEqual(refuse('ParentAreaNotFound', { code: COUNTY, parent: PREFECTURE }));
  });

  it('needs nothing above the top of what is loaded, which may be the country', () => {
    const root = given(areas, []).when(registerArea, { ...county, root: true }, unknown);
    expect(root.then).toEqual([registered('430502', '甲区')]);
    const country = { ...county, code: areaCode('0'), root: true };
    expect(given(areas, []).when(registerArea, country, unknown).then).toHaveLength(1);
    const notRoot = given(areas, []).when(registerArea, { ...country, root: false }, unknown);
    expect(notRoot.then).toEqual(refuse('ParentAreaNotFound', { code: '0', parent: '0' }));
  });

  it('is not how a grid is opened, whatever is known of its village', () => {
    const grid = { ...county, code: GRID };
    for (const root of [true, false]) {
      const area = given(areas, []).when(registerArea, { ...grid, root }, known('430502001001'));
      expect(area.then).toEqual(refuse('AreaNotDivision', { code: GRID }));
    }
  });

  it('takes a virtual village, which only takes no grids', () => {
    const virtual = { ...county, code: VIRTUAL, name: '虚拟社区' };
    const area = given(areas, []).when(registerArea, virtual, known('430502001'));
    expect(area.then).toEqual([registered('430502001498', '虚拟社区')]);
  });
});

describe('where grids may be drawn', () => {
  it('is a village or community that is registered and has residents', () => {
    expect(takesGrids(known(VILLAGE))).toBe(true);
    expect(takesGrids(unknown)).toBe(false);
    for (const code of ['0', '43', PREFECTURE, COUNTY, TOWNSHIP, VIRTUAL, '430502001598']) {
      expect(takesGrids(known(code))).toBe(false);
    }
  });
});

describe('the way to an area', () => {
  it('goes from the country down to the area itself', () => {
    expect(pathTo(GRID)).toEqual(['0', '43', PREFECTURE, COUNTY, TOWNSHIP, VILLAGE, GRID]);
    expect(pathTo(areaCode('0'))).toEqual(['0']);
  });
});
