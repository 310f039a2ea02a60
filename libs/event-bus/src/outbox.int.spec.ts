import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Recorded } from '#libs/event';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { defineView, LiveViews, openMemoryViews, Projector } from '#libs/views';
import { beginAtHead } from './begin-at-head.js';
import { openSqliteCheckpoints } from './checkpoints.js';
import { EventBus } from './event-bus.js';
import { EventBusTransport } from './event-bus.transport.js';
import { reactionId } from './reaction-id.js';

const LIMIT_MS = 10_000;
const clock = new SystemClock();

type Settled = { readonly type: 'Settled'; readonly id: string };
const settledView = defineView<{ readonly id: string }, Settled, 'id'>({
  name: 'settled',
  version: 1,
  indexes: [],
  key: 'id',
  starts: { Settled: ({ event }) => ({ id: event.id }) },
});

/** Tells somebody outside; a telegram that comes twice has the same key, and is thrown away. */
class SendTelegramReaction {
  readonly received = new Map<string, string>();
  sent = 0;
  linesAreCut = false;

  async on(recorded: Recorded): Promise<void> {
    await Promise.resolve();
    this.sent += 1;
    this.received.set(reactionId(recorded, 'sendTelegram'), (recorded.event as Settled).id);
    // It has gone out, but nobody here knows that.
    if (this.linesAreCut) throw new Error('the line was cut');
  }
}

let dir: string;
let log: EventLog;
let telegraph: SendTelegramReaction;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-outbox-'));
  const events = { Settled: z.strictObject({ id: z.string() }) };
  log = openMemoryLog({ origin: 'sample', events, now: () => clock.now() });
  telegraph = new SendTelegramReaction();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function settle(id: string): Promise<void> {
  const writes = [{ stream: `dispute-${id}`, events: [{ type: 'Settled', id }] }];
  await log.append({ commandId: id, actor: 'li-1', fingerprint: '', reads: [], writes });
}

/** A life of the process: the reaction listens on a checkpoint of its own. */
async function live(work: (transport: EventBusTransport) => Promise<unknown>): Promise<void> {
  const bus = new EventBus();
  bus.publish(log);
  const checkpoints = openSqliteCheckpoints(dir, 'outbox.db');
  await beginAtHead(checkpoints, log);
  const transport = new EventBusTransport(bus, checkpoints, clock);
  Object.assign(transport, { logger: { error: () => undefined } });
  const send = (recorded: Recorded) => telegraph.on(recorded);
  transport.addHandler('sample.Settled', send, true, { handler: 'SendTelegramReaction.on' });
  transport.listen(() => undefined);
  await work(transport);
  await transport.close();
  checkpoints.close();
}

const heard = (transport: EventBusTransport) => transport.caughtUp(LIMIT_MS);

it('sends what is recorded from its first day on, each once, also after restarts', async () => {
  await settle('long-ago');
  await live(heard);
  expect(telegraph.sent).toBe(0);
  await settle('one');
  await live(heard);
  await live(heard);
  expect([telegraph.sent, [...telegraph.received.values()]]).toEqual([1, ['one']]);
});

it('what went out without anybody knowing goes out again under the same key', async () => {
  await live(heard);
  await settle('one');
  telegraph.linesAreCut = true;
  await live(() => clock.sleep(20));
  telegraph.linesAreCut = false;
  await live(heard);
  expect(telegraph.sent).toBeGreaterThan(1);
  expect([...telegraph.received.values()]).toEqual(['one']);
});

it('nothing goes out because views are made anew, or the checkpoint is lost', async () => {
  await live(heard);
  await settle('one');
  await live(heard);
  for (let generation = 0; generation < 2; generation += 1) {
    const store = openMemoryViews([settledView]);
    const views = new LiveViews(new Projector(log, store), store);
    expect(await views.get(settledView, 'one')).toEqual({ id: 'one' });
  }
  await live(heard);
  rmSync(join(dir, 'outbox.db'));
  await live(heard);
  expect(telegraph.sent).toBe(1);
});
