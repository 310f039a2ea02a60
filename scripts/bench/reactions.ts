import { join } from 'node:path';
import type { Recorded } from '#libs/event';
import { EventBus, EventBusTransport, openSqliteCheckpoints, reactionId } from '#libs/event-bus';
import { Commands, openSignedLog, positionText, type SignedLog } from '#libs/event-log';
import { openMemoryKeys, Sealing } from '#libs/privacy';
import { SystemClock } from '#libs/scheduler';
import { defineView, LiveViews, openSqliteViews, Projector } from '#libs/views';
import { appendFor, appendMany, type Streams } from './append.ts';
import { type Measured, quantile } from './figures.ts';
import { type BenchEvent, benchEvents, eventSource, idSource } from './sample-events.ts';

/** Callers that append at once: what a reaction is measured against. */
const IN_FLIGHT = 64;
const COMMANDS_A_SECOND = 500;
const WAIT_MS = 120_000;

interface HeardRow {
  readonly id: string;
  readonly grid: string;
}

const heardView = defineView<HeardRow, BenchEvent, 'dispute'>({
  name: 'heard',
  version: 1,
  indexes: [],
  key: 'dispute',
  starts: { DisputeNoted: ({ event }) => ({ id: event.dispute, grid: event.grid }) },
});

const heard = {
  category: 'dispute',
  initial: 0,
  evolve: (count: number) => count + 1,
};

/** Two services in one process: what the first records, the second takes into its own log. */
class TwoServices {
  readonly clock = new SystemClock();
  readonly origin: SignedLog;
  readonly target: SignedLog;
  readonly streams: Streams;
  private readonly commands: Commands;
  private readonly bus = new EventBus();
  private readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
    this.origin = this.openLog('origin');
    this.target = this.openLog('target');
    this.bus.publish(this.origin.log);
    this.commands = new Commands(this.target.log);
    const newId = idSource();
    const eventOf = eventSource(new Sealing(openMemoryKeys()), newId);
    this.streams = { versions: new Map(), newId, eventOf };
  }

  /** @param onDone hears the dispute of each event once its command is durable */
  listen(onDone: (dispute: string) => void | Promise<void>): EventBusTransport {
    const checkpoints = openSqliteCheckpoints(join(this.dir, 'target'));
    const transport = new EventBusTransport(this.bus, checkpoints, this.clock);
    const hear = async (recorded: Recorded): Promise<void> => {
      const { event, origin, position } = recorded as Recorded<BenchEvent>;
      const meta = {
        commandId: reactionId(recorded, 'hear'),
        actor: 'service:target',
        request: ['hear', ''],
        cause: positionText(origin, position),
      };
      await this.commands.execute(meta, async (streams) => {
        const loaded = await streams.load(heard, event.dispute);
        return streams.record(loaded, loaded.state === 0 ? [event] : []);
      });
      await onDone(event.dispute);
    };
    transport.addHandler('origin.DisputeNoted', hear, true, { handler: 'HearReaction.on' });
    transport.listen(() => undefined);
    return transport;
  }

  async close(): Promise<void> {
    await this.origin.close();
    await this.target.close();
  }

  private openLog(name: string): SignedLog {
    return openSignedLog(join(this.dir, name), {
      origin: name,
      name: `bench.localhost/${name}`,
      events: benchEvents,
      now: () => this.clock.now(),
      onFault: (error) => process.stderr.write(`${String(error)}\n`),
    });
  }
}

/**
 * One round of `react`: how many events a second lead to commands that are durable, against how
 * many appends a second are durable when 64 are in flight.
 */
export async function measureReactions(dir: string, events: number): Promise<Measured> {
  const services = new TwoServices(dir);
  const { origin, target, streams } = services;
  await appendMany(origin, streams, events, streams.newId);
  const before = await appendFor(target, streams, IN_FLIGHT, streams.newId);
  const started = performance.now();
  const transport = services.listen(() => undefined);
  if (!(await transport.caughtUp(WAIT_MS))) throw new Error(`${events} events took too long`);
  const seconds = (performance.now() - started) / 1000;
  await transport.close();
  const after = await appendFor(target, streams, IN_FLIGHT, streams.newId);
  await services.close();
  return { value: events / seconds, limit: (before.perSecond + after.perSecond) / 2 };
}

/**
 * One round of `visible-p99-ms`: from the answer to a command until another service's view shows
 * what came of it, while 500 commands a second are asked for, however long each takes.
 */
export async function measureVisible(dir: string, seconds: number): Promise<Measured> {
  const services = new TwoServices(dir);
  const { origin, target, streams } = services;
  const store = openSqliteViews(join(dir, 'target'), [heardView]);
  const views = new LiveViews(new Projector(target.log, store), store);
  const acknowledged = new Map<string, number>();
  const visible = new Map<string, number>();
  const transport = services.listen(async (dispute) => {
    const row = await views.get(heardView, dispute);
    if (row !== undefined) visible.set(dispute, performance.now());
  });
  const asked: Promise<void>[] = [];
  const ask = async (dispute: string): Promise<void> => {
    await origin.log.append({
      commandId: streams.newId(),
      actor: 'mediator-lin',
      fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA',
      reads: [],
      writes: [{ stream: `dispute-${dispute}`, events: [streams.eventOf(dispute)] }],
    });
    acknowledged.set(dispute, performance.now());
  };
  const started = performance.now();
  const total = seconds * COMMANDS_A_SECOND;
  while (asked.length < total) {
    const due = ((performance.now() - started) / 1000) * COMMANDS_A_SECOND;
    while (asked.length < Math.min(due, total)) asked.push(ask(streams.newId()));
    await services.clock.sleep(1);
  }
  await Promise.all(asked);
  if (!(await transport.caughtUp(WAIT_MS))) throw new Error('what was told was never heard');
  await transport.close();
  await store.close();
  await services.close();
  if (visible.size !== total) throw new Error(`${visible.size} of ${total} became visible`);
  const waits = [...acknowledged].map(([id, at]) => Math.max(0, (visible.get(id) ?? NaN) - at));
  return { value: quantile(waits, 0.99), limit: null };
}
