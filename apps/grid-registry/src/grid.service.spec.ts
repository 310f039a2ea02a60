import { refuse } from '#libs/event';
import { GRID, id, opened, registered, renamed, VILLAGE } from '../test/registry.js';
import { eventsOf, openRegistry, tell } from '../test/room.js';

const meta = (last: string) => ({ commandId: id(last), actor: 'spec', request: last });

describe('the grids of a village', () => {
  it('are opened and renamed, each in a stream of its own', async () => {
    const { grids, log } = openRegistry();
    await tell(log, { [`area-${VILLAGE}`]: [registered(VILLAGE)] });
    await grids.open(meta('e1'), { grid: GRID, name: opened.name });
    await grids.rename(meta('e2'), { grid: GRID, name: renamed.name });
    expect(await eventsOf(log, 1)).toEqual([opened, renamed]);
    expect(await log.readStream(`grid-${GRID}`)).toHaveLength(2);
  });

  it('are looked for in their own village', async () => {
    const { grids, log } = openRegistry();
    await tell(log, { 'area-430502001002': [registered('430502001002')] });
    const outcome = await grids.open(meta('e1'), { grid: GRID, name: opened.name });
    expect(outcome).toEqual(refuse('VillageNotFound', { village: VILLAGE }));
  });

  it('get a number once, also when two people take it at the same time', async () => {
    const { grids, log } = openRegistry();
    await tell(log, { [`area-${VILLAGE}`]: [registered(VILLAGE)] });
    const outcomes = await Promise.all([
      grids.open(meta('e1'), { grid: GRID, name: '甲' }),
      grids.open(meta('e2'), { grid: GRID, name: '乙' }),
    ]);
    expect(outcomes).toContainEqual(refuse('GridAlreadyOpen', { grid: GRID }));
    expect(await log.head()).toBe(2);
  });
});
