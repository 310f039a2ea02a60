import { z } from 'zod';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { LiveViews } from './live-views.js';
import { openMemoryViews } from './memory-views.js';
import { Projector } from './projector.js';
import { defineView, type ViewStore } from './view.js';

interface Counted {
  readonly type: 'Counted';
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
let log: EventLog;
let store: ViewStore;
let projector: Projector;

const seenView = defineView<SeenRow, Counted>({
  name: 'seen',
  version: 1,
  indexes: [['id']],
  keyOf: () => 'all',
  evolve: (row, { event }) => {
    if (broken) throw new Error('broken');
    return { id: 'all', numbers: [...(row?.numbers ?? []), event.n] };
  },
});

beforeEach(() => {
  broken = false;
  const events = { Counted: z.strictObject({ n: z.int() }) };
  log = openMemoryLog({ origin: 'sample', events, now: () => '2026-03-01T00:00:00.000Z' });
  store = openMemoryViews([seenView]);
  projector = new Projector(log, store);
});

async function append(from: number, count: number): Promise<void> {
  commits += 1;
  const events = Array.from({ length: count }, (_, index) => ({
    type: 'Counted',
    n: from + index,
  }));
  const asked = { commandId: `command-${commits}`, actor: 'li-1', fingerprint: '', reads: [] };
  await log.append({ ...asked, writes: [{ stream: 's-1', events }] });
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

  it('events that cannot be applied fail everybody who waits, and are tried by the next', async () => {
    await append(0, 3);
    broken = true;
    const waiting = await Promise.allSettled([projector.catchUp(), projector.catchUp()]);
    expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await store.position()).toBe(0);
    broken = false;
    await projector.catchUp();
    expect(await seen()).toEqual(upTo(3));
  });
});

describe('live views hold what was answered before', () => {
  it('a row, a list and a count each show the newest event', async () => {
    const live = new LiveViews(projector, store);
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
  });
});
