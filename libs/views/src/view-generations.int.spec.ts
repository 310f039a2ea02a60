import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { NotGoneBack, ViewsBehind } from './faults.js';
import { LiveViews } from './live-views.js';
import { Projector } from './projector.js';
import {
  type CaseEvent,
  type CaseRow,
  casesView,
  historyView,
  put,
  streamOf,
  views,
} from './sample-views.conformance.js';
import { defineView, type View } from './view.js';
import { openViewGenerations, type ViewGenerations } from './view-generations.js';
import type { Rebuilding } from './view-store.js';

let dir: string;
let log: EventLog;
let commits: number;
let progress: Rebuilding[];
const opened: ViewGenerations[] = [];

const any = z.looseObject({});
const events = { CasePut: any, CaseRanked: any, CaseDropped: any, Poisoned: any };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-generations-'));
  log = openMemoryLog({ origin: 'sample', events, now: () => '2026-03-01T00:00:00.000Z' });
  commits = 0;
  progress = [];
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(dir, { recursive: true });
});

async function append(...some: readonly CaseEvent[]): Promise<void> {
  for (const event of some) {
    commits += 1;
    const asked = { commandId: `command-${commits}`, actor: 'li-1', fingerprint: '', reads: [] };
    await log.append({ ...asked, writes: [{ stream: streamOf(event), events: [event] }] });
  }
}

function open(kept: readonly View[]) {
  const options = {
    scheduler: new SystemClock(),
    onProgress: (at: Rebuilding) => progress.push(at),
  };
  const store = openViewGenerations(dir, kept, options);
  opened.push(store);
  return { store, live: new LiveViews(new Projector(log, store), store, options.scheduler) };
}

const files = () => readdirSync(dir).filter((name) => /^views-\d+\.db$/.test(name));
const pointer = () => JSON.parse(readFileSync(join(dir, 'live-views.json'), 'utf8')) as object;

/** The same question, whose rows now say twice the rank. */
const doubled = defineView<CaseRow, CaseEvent, 'id'>({
  name: 'cases',
  version: 2,
  temporal: true,
  indexes: [['id'], ['open', 'id']],
  key: 'id',
  starts: { CasePut: ({ event: { row } }) => ({ ...row, rank: row.rank * 2 }) },
});
const changed = [doubled, historyView];

describe('a changed definition', () => {
  beforeEach(async () => {
    const { live, store } = open(views);
    await append(put('a', { rank: 1 }), put('b', { rank: 2 }));
    await live.catchUp();
    await store.close();
  });

  it('is noticed, and the rows before are shown while they are right', async () => {
    const { live } = open(changed);
    expect(live.isOutdated).toBe(true);
    expect(await live.get(doubled, 'a')).toMatchObject({ rank: 1 });
    const all = { orderBy: ['id'], limit: 9 } as const;
    expect(await live.find(doubled, all)).toHaveLength(2);
    await append(put('a', { rank: 9 }));
    // Of `b` nothing has happened; what `a` is now, nobody knows until the new rows are there.
    expect(await live.get(doubled, 'b')).toMatchObject({ rank: 2 });
    await expect(live.get(doubled, 'a')).rejects.toThrow(ViewsBehind);
    await expect(live.get(doubled, 'new')).rejects.toThrow(ViewsBehind);
    await expect(live.find(doubled, all)).rejects.toThrow(ViewsBehind);
    await expect(live.count(doubled, {})).rejects.toThrow(ViewsBehind);
    await expect(live.countBy(doubled, 'id', {})).rejects.toThrow(ViewsBehind);
    await expect(live.findAll(doubled, { orderBy: ['id'] })).rejects.toThrow(ViewsBehind);
    await expect(live.all(doubled)).rejects.toThrow(ViewsBehind);
    expect(await live.get(doubled, 'a', { asOf: 1 })).toMatchObject({ rank: 1 });
    expect(await live.find(doubled, { ...all, asOf: 1 })).toHaveLength(2);
    await expect(live.find(doubled, { ...all, asOf: 2 })).rejects.toThrow(ViewsBehind);
    const byNewIndex = { equals: { open: true }, orderBy: ['id'], limit: 9 } as const;
    await expect(live.find(doubled, byNewIndex)).rejects.toThrow(ViewsBehind);
    // What has not changed goes on.
    expect(await live.get(historyView, 'a')).toEqual({ id: 'a', positions: [0, 2] });
    expect((await live.status()).views).toEqual([
      { name: 'cases', version: 1, state: 'frozen', position: 2 },
      { name: 'history', version: 1, state: 'live', position: 3 },
    ]);
    expect(await live.rebuild()).toEqual({ generation: 2, comparisons: null });
    expect(await live.get(doubled, 'a')).toMatchObject({ rank: 18 });
    expect(await live.find(doubled, byNewIndex)).toHaveLength(2);
    expect(await live.get(historyView, 'a')).toEqual({ id: 'a', positions: [0, 2] });
    expect(progress.at(-1)).toMatchObject({ generation: 2, done: 3, total: 3 });
    expect(live.isOutdated).toBe(false);
    expect(pointer()).toEqual({ live: 2, before: 1 });
  });

  it('shows nothing of what may have changed before a restart', async () => {
    const { live, store } = open(changed);
    await append(put('a', { rank: 9 }));
    await live.catchUp();
    await store.close();
    const { live: again } = open(changed);
    await expect(again.get(doubled, 'a')).rejects.toThrow(ViewsBehind);
    await expect(again.get(doubled, 'b')).rejects.toThrow(ViewsBehind);
    expect(await again.get(doubled, 'b', { asOf: 1 })).toMatchObject({ rank: 2 });
    await again.rebuild();
    expect(await again.get(doubled, 'b')).toMatchObject({ rank: 4 });
  });

  it('is a new view: it is behind until it is there', async () => {
    const other = { ...doubled, name: 'others', fingerprint: 'others' };
    const { live } = open([...views, other]);
    await expect(live.get(other, 'a')).rejects.toThrow(ViewsBehind);
    await live.rebuild();
    expect(await live.get(other, 'a')).toMatchObject({ rank: 2 });
  });

  it('can be gone back from, and the rows before are brought up', async () => {
    const { live, store } = open(views);
    await live.rebuild();
    await append(put('c'));
    expect(await live.back()).toBe(1);
    expect(await live.count(casesView, {})).toBe(3);
    expect(pointer()).toEqual({ live: 1, before: 2 });
    await live.rebuild();
    expect(files().sort()).toEqual(['views-1.db', 'views-3.db']);
    await store.close();
    const { live: again } = open(views);
    expect(await again.count(casesView, {})).toBe(3);
  });
});

describe('a rebuild', () => {
  it('holds equal definitions against each other before the switch', async () => {
    const { live } = open(views);
    await append(put('a'), put('b'));
    await live.catchUp();
    const db = new DatabaseSync(join(dir, 'views-1.db'));
    db.exec(`UPDATE view_cases SET row = json_set(row, '$.rank', 7) WHERE key = 'b'`);
    db.close();
    const { comparisons } = await live.rebuild();
    expect(comparisons).toMatchObject([
      { view: 'cases', rows: 2, different: 1, first: [{ key: 'b', fields: [{ path: 'rank' }] }] },
      { view: 'history', rows: 2, different: 0 },
    ]);
    expect(await live.get(casesView, 'b')).toMatchObject({ rank: 1 });
  });

  it('takes what is recorded meanwhile, and answers all the while', async () => {
    const { live } = open(views);
    await append(...Array.from({ length: 1500 }, (_, index) => put(`c-${index % 300}`)));
    await live.catchUp();
    const rebuilt = live.rebuild();
    expect((await live.status()).rebuild).toMatchObject({ generation: 2 });
    for (let index = 0; index < 50; index += 1) {
      await append(put(`d-${index}`));
      expect(await live.count(casesView, {})).toBe(301 + index);
    }
    expect((await rebuilt).comparisons).toMatchObject([{ different: 0, missing: 0, extra: 0 }, {}]);
    expect(await live.count(casesView, {})).toBe(350);
  });

  it('is asked for twice and made once', async () => {
    const { live } = open(views);
    await append(put('a'));
    const [one, other] = await Promise.all([live.rebuild(), live.rebuild()]);
    expect(one).toBe(other);
  });

  it('is not gone back from before it is there', async () => {
    const { live } = open(views);
    await expect(live.back()).rejects.toThrow(NotGoneBack);
    await append(put('a'));
    await live.rebuild();
    const rebuilt = live.rebuild();
    await expect(live.back()).rejects.toThrow('is being made');
    expect((await rebuilt).generation).toBe(3);
  });

  it('that is asked for while the views go back waits for that', async () => {
    const { live } = open(views);
    await append(put('a'));
    await live.rebuild();
    const back = [live.back(), live.back()];
    const { generation } = await live.rebuild();
    expect(await Promise.all(back)).toEqual([1, 1]);
    expect(pointer()).toEqual({ live: generation, before: 1 });
    expect(await live.count(casesView, {})).toBe(1);
  });

  it('that fails leaves what was, and no file', async () => {
    const { live } = open(views);
    await append(put('a'));
    await live.catchUp();
    const read = log.read;
    log.read = () => Promise.reject(new Error('the disk is gone'));
    await expect(live.rebuild()).rejects.toThrow('the disk is gone');
    log.read = read;
    expect(files()).toEqual(['views-1.db']);
    expect(await live.count(casesView, {})).toBe(1);
  });

  it('that a crash ended leaves the old one, and nothing half made', async () => {
    const { live, store } = open(views);
    await append(put('a'), put('b'));
    await live.catchUp();
    await store.close();
    writeFileSync(join(dir, 'views-2.db'), 'half a file');
    writeFileSync(join(dir, 'views-2.db-journal'), '');
    writeFileSync(join(dir, 'live-views.json.new'), '{"live"');
    const again = open(views);
    expect(await again.live.count(casesView, {})).toBe(2);
    expect(files()).toEqual(['views-1.db']);
    expect(existsSync(join(dir, 'views-2.db-journal'))).toBe(false);
  });

  it('that is under way when the service ends is given up', async () => {
    const { live, store } = open(views);
    await append(...Array.from({ length: 2000 }, (_, index) => put(`c-${index}`)));
    const rebuilt = live.rebuild();
    const refused = expect(rebuilt).rejects.toThrow('were closed');
    await store.close();
    await refused;
    expect(files()).toEqual(['views-1.db']);
  });
});

it.each(['live-views.json', 'views-1.db'])('without %s the views are filled anew', async (gone) => {
  const { live, store } = open(views);
  await append(put('a'));
  await live.catchUp();
  await store.close();
  rmSync(join(dir, gone));
  const again = open(views);
  expect(await again.live.count(casesView, {})).toBe(1);
});
