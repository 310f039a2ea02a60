import fc from 'fast-check';
import {
  answered,
  closing,
  created,
  EAST,
  ended,
  GRID,
  id,
  moved,
  named,
  NOW,
  opened,
  renamed,
  retired,
  staysOpen,
  WEST,
} from '../test/registry.js';
import { anyTurns, inTurn, openRegistry, rowsInTurns, tell } from '../test/room.js';
import type { GridEvent } from './grid.events.js';
import { gridsView } from './grids.view.js';

const LATER = '2026-04-01T08:00:00.000Z';
const LAST = '2026-05-01T08:00:00.000Z';
const at = <Event extends GridEvent>(event: Event, time: string): Event => ({ ...event, at: time });

async function rowAfter(events: readonly GridEvent[]) {
  const { log, views } = openRegistry();
  await tell(log, { [`grid-${GRID}`]: events });
  return views.get(gridsView, GRID);
}

describe('the history of a grid', () => {
  const none = { predecessors: [], successors: [], keptOpenBy: [] };
  const open = { code: GRID, status: 'OPEN', openedAt: NOW, since: NOW, ...none };

  it('begins with its opening; a name is no part of it', async () => {
    expect(await rowAfter([opened])).toEqual(open);
    expect(await rowAfter([opened, at(renamed, LATER)])).toEqual(open);
  });

  it('tells since when it is closing, while the services answer', async () => {
    const row = { ...open, status: 'CLOSING', since: LATER };
    expect(await rowAfter([opened, at(closing, LATER)])).toEqual(row);
    expect(await rowAfter([opened, at(closing, LATER), at(answered, LAST)])).toEqual(row);
  });

  it('tells since when it is closed, and into which grids', async () => {
    const into = { ...retired, successors: [EAST, WEST] };
    const row = await rowAfter([opened, at(closing, LATER), at(into, LAST)]);
    const successors = [EAST, WEST].map((code) => ({ code, since: LAST }));
    expect(row).toEqual({ ...open, status: 'RETIRED', since: LAST, successors });
  });

  it('tells what kept it open, until the next attempt', async () => {
    const kept = [opened, closing, at(staysOpen, LATER)];
    const keptOpenBy = [{ service: 'mediation', count: 2 }];
    expect(await rowAfter(kept)).toEqual({ ...open, since: LATER, keptOpenBy });
    const again = at({ ...closing, closing: id('f2') }, LAST);
    expect(await rowAfter([...kept, again])).toMatchObject({ status: 'CLOSING', keptOpenBy: [] });
  });

  it('tells which grids were closed into it, and not of those that stayed', async () => {
    const here = { ...named, grid: GRID, predecessor: EAST };
    const taken = at({ ...ended, grid: GRID, predecessor: EAST }, LATER);
    expect(await rowAfter([opened, here])).toEqual(open);
    expect(await rowAfter([opened, here, { ...taken, taken: false }])).toEqual(open);
    const second = at({ ...taken, predecessor: WEST }, LAST);
    expect(await rowAfter([opened, here, taken, second])).toMatchObject({
      status: 'OPEN',
      since: NOW,
      predecessors: [
        { code: EAST, since: LATER },
        { code: WEST, since: LAST },
      ],
    });
  });
});

describe('the histories of grids', () => {
  const streams = {
    [`grid-${GRID}`]: [opened, closing, answered, retired],
    [`grid-${EAST}`]: [{ ...opened, grid: EAST }, named, ended],
    [`grid-${WEST}`]: [
      { ...opened, grid: WEST },
      { ...closing, grid: WEST },
      { ...staysOpen, grid: WEST },
    ],
    'post-1': [created, moved],
  };

  it('are the same in whatever order the streams come', async () => {
    const rows = await rowsInTurns(gridsView, { streams, turns: inTurn(streams) });
    expect(rows.map(({ status }) => status)).toEqual(['RETIRED', 'OPEN', 'OPEN']);
    const same = fc.asyncProperty(anyTurns(streams), async (turns) => {
      expect(await rowsInTurns(gridsView, { streams, turns })).toEqual(rows);
    });
    await fc.assert(same, { numRuns: 50 });
  });
});
