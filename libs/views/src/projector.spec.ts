import { z } from 'zod';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SteppedClock } from '#libs/scheduler';
import { RowParked, ViewsBehind } from './faults.js';
import { LiveViews } from './live-views.js';
import { openMemoryViews } from './memory-views.js';
import { Projector } from './projector.js';
import { defineView } from './view.js';
import type { ViewStore } from './view-store.js';

interface Counted {
  readonly type: 'Counted';
  readonly row: string;
  readonly n: number;
}

interface SeenRow {
  readonly id: string;
  readonly numbers: readonly number[];
}

/** More than two batches of the projector. */
const MANY = 2500;

let commits = 0;
/** While it is true, no event can be applied, as with a full disk. */
let broken: boolean;
/** While it is true, the view cannot take an event. */
let poisoned: boolean;
let log: EventLog;
let store: ViewStore;
let projector: Projector;

const seenView = defineView<SeenRow, Counted, 'row'>({
  name: 'seen',
  version: 1,
  indexes: [['id']],
  key: 'row',
  starts: {
    Counted: ({ event: { row, n } }) => ({ id: row, numbers: [n] }),
  },
  changes: {
    Counted: (row, { event }) => {
      if (poisoned) throw new Error('poisoned');
      return { ...row, numbers: [...row.numbers, event.n] };
    },
  },
});

beforeEach(() => {
  broken = false;
  poisoned = false;
  const events = { Counted: z.strictObject({ row: z.string(), n: z.int() }) };
  log = openMemoryLog({ origin: 'sample', events, now: () => '2026-03-01T00:00:00.000Z' });
  const memory = openMemoryViews([seenView]);
  store = new Proxy(memory, {
    get: (target, name) => {
      if (name === 'apply' && broken) return () => Promise.reject(new Error('disk full'));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  projector = new Projector(log, store);
});

async function append(from: number, count: number, row = 'all'): Promise<void> {
  commits += 1;
  const events = Array.from({ length: count }, (_, index) => ({
    type: 'Counted',
    row,
    n: from + index,
  }));
  const asked = { commandId: `command-${commits}`, actor: 'li-1', fingerprint: '', reads: [] };
  await log.append({ ...asked, writes: [{ stream: `s-${row}`, events }] });
}

const seen = async () => (await store.get(seenView, 'all'))?.numbers ?? [];
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('views catch up with their log', () => {
  it('every event is applied once and in order, in as many batches as it takes', async () => {
    await append(0, MANY);
    expect(await projector.behind()).toBe(MANY);
    await projector.catchUp();
    expect(await seen()).toEqual(upTo(MANY));
    expect(await projector.behind()).toBe(0);
  });

  it('however many ask at once, and each event is read once', async () => {
    const asked: number[] = [];
    const read = (from: number, limit: number) => {
      asked.push(from);
      return log.read(from, limit);
    };
    projector = new Projector({ ...log, read }, store);
    await append(0, MANY);
    await Promise.all(upTo(20).map(() => projector.catchUp()));
    expect(await seen()).toEqual(upTo(MANY));
    expect(asked).toEqual([0, 1000, 2000]);
  });

  it('whoever asks later waits for what was recorded by then', async () => {
    await append(0, MANY);
    const first = projector.catchUp();
    await append(MANY, 10);
    await projector.catchUp();
    expect(await seen()).toEqual(upTo(MANY + 10));
    await first;
  });

  it('an empty log has nothing to catch up with', async () => {
    await projector.catchUp();
    expect(await store.position()).toBe(0);
  });

  it('events that cannot be written fail everybody who waits, and are tried by the next', async () => {
    await append(0, 3);
    broken = true;
    const waiting = await Promise.allSettled([projector.catchUp(), projector.catchUp()]);
    expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect(await store.position()).toBe(0);
    await projector.catchUp();
    expect(await seen()).toEqual(upTo(3));
  });
});

describe('live views hold what was answered before', () => {
  let live: LiveViews;
  let clock: SteppedClock;

  beforeEach(() => {
    clock = new SteppedClock(Date.parse('2026-03-01T00:00:00.000Z'));
    live = new LiveViews(projector, store, clock);
  });

  it('a row, a list and a count each show the newest event', async () => {
    await append(0, 1);
    expect(await live.count(seenView, {})).toBe(1);
    await append(1, 1);
    expect(await live.get(seenView, 'all')).toEqual({ id: 'all', numbers: [0, 1] });
    await append(2, 1);
    const rows = await live.find(seenView, { orderBy: ['id'], limit: 1 });
    expect(rows).toEqual([{ id: 'all', numbers: [0, 1, 2] }]);
    await append(3, 1);
    expect(await live.behind()).toBe(1);
    await live.catchUp();
    expect(await live.behind()).toBe(0);
    expect(await live.all(seenView)).toEqual([{ id: 'all', numbers: [0, 1, 2, 3] }]);
  });

  it('what is waited for is there as soon as it is recorded', async () => {
    await append(0, 1);
    await live.waitFor(0, 1000);
    const waiting = live.waitFor(1, 1000);
    await append(1, 1);
    await waiting;
    expect(await seen()).toEqual([0, 1]);
  });

  it('what does not come in time is told plainly', async () => {
    await append(0, 1);
    const waiting = live.waitFor(7, 30);
    const refused = expect(waiting).rejects.toMatchObject({
      code: 'VIEWS_BEHIND',
      of: 'sample',
      reached: 0,
      wanted: 7,
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    await refused;
    await expect(live.get(seenView, 'all', { asOf: 1 })).rejects.toThrow(ViewsBehind);
  });

  it('the position is held below the oldest parked event, the frontier is not', async () => {
    await append(0, 1);
    await live.catchUp();
    poisoned = true;
    await append(1, 2);
    await append(0, 1, 'other');
    await live.catchUp();
    const status = { service: 'sample', frontier: 4, position: 1, head: 4 };
    expect(await live.status()).toMatchObject({ ...status, parked: [{ stream: 's-all' }] });
    expect(await live.retry('seen', 's-all')).toBe(false);
    poisoned = false;
    expect(await live.retry('seen', 's-all')).toBe(true);
    expect(await live.position()).toBe(4);
    expect(await seen()).toEqual([0, 1, 2]);
  });

  it('who acts on all rows of a selection gets none while a row may be missing', async () => {
    await append(0, 1);
    await append(0, 1, 'other');
    await live.catchUp();
    poisoned = true;
    await append(1, 1);
    const all = () => live.findAll(seenView, { orderBy: ['id'] });
    await expect(all()).rejects.toThrow(RowParked);
    poisoned = false;
    await live.retry('seen', 's-all');
    expect(await all()).toHaveLength(2);
  });

  it('made anew in memory they are the same, and the way back stays', async () => {
    await append(0, 3);
    await live.catchUp();
    expect(await live.rebuild()).toEqual({ generation: 2, comparisons: null });
    await append(3, 1);
    expect(await live.get(seenView, 'all')).toEqual({ id: 'all', numbers: [0, 1, 2, 3] });
    expect(await live.back()).toBe(1);
    expect(await live.get(seenView, 'all')).toEqual({ id: 'all', numbers: [0, 1, 2, 3] });
    expect(await live.status()).toMatchObject({ generation: 1, before: 2, frontier: 4 });
  });
});
