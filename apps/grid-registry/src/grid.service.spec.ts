import { refuse } from '#libs/event';
import { EAST, GRID, id, opened, registered, renamed, VILLAGE } from '../test/registry.js';
import { eventsOf, keptBy, openRegistry, tell } from '../test/room.js';
import type { GridEvent } from './grid.events.js';

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

describe('why a grid is closed', () => {
  const reason = '张戊迁出，并入东边';
  const openedEast: GridEvent = { ...opened, grid: EAST };

  async function openWithClosing() {
    const registry = openRegistry();
    await tell(registry.log, { [`grid-${GRID}`]: [opened], [`grid-${EAST}`]: [openedEast] });
    const retire = (asked = reason) => {
      const ask = { grid: GRID, successors: [EAST], reason: asked };
      return registry.grids.retire({ ...meta('e1'), request: ask }, ask);
    };
    const once = await retire();
    const [closing] = (await eventsOf(registry.log, 2)) as readonly GridEvent[];
    if (closing?.type !== 'GridClosing') throw new Error('the grid is not closing');
    return { ...registry, retire, once, closing };
  }

  it('is sealed for that attempt alone: no stored byte and no row tells it', async () => {
    const registry = await openWithClosing();
    const { closing, sealed } = registry.closing;
    expect(sealed.subject).toBe(closing);
    expect(registry.sealing.open(sealed)).toEqual({ reason });
    const kept = await keptBy(registry);
    expect(kept).toContain('"asked":[');
    expect(kept).toContain('"status":"CLOSING"');
    expect(kept).not.toContain(reason);
  });

  it('is asked for again: the same answer, but not for another reason', async () => {
    const { log, once, retire } = await openWithClosing();
    expect(await retire()).toEqual(once);
    expect(await retire('另一事由')).toEqual(refuse('CommandIdReused'));
    expect(await log.head()).toBe(4);
  });

  it('may be erased while the services answer: the grid is retired as ever', async () => {
    const { log, grids, sealing, once, retire, closing } = await openWithClosing();
    await sealing.erase(closing.closing);
    for (const [last, service] of [
      ['e2', 'grid-registry'],
      ['e3', 'mediation'],
    ] as const) {
      await grids.recordWork(meta(last), {
        grid: GRID,
        closing: closing.closing,
        service,
        open: 0,
      });
    }
    expect(sealing.open(closing.sealed)).toBeUndefined();
    expect((await eventsOf(log, 4)).map(({ type }) => type)).toContain('GridRetired');
    expect(await retire()).toEqual(once);
  });
});
