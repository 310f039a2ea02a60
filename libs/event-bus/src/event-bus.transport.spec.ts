import { Catch, Controller, type INestMicroservice, Module, type Type } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { from } from 'rxjs';
import { z } from 'zod';
import type { Recorded } from '#libs/event';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { openMemoryCheckpoints } from './checkpoints.js';
import { EventBus } from './event-bus.js';
import { EventBusTransport } from './event-bus.transport.js';
import { nameHandlers } from './handler-names.js';

const LIMIT_MS = 10_000;
const clock = new SystemClock();

/** What the handlers were given, how often one is still to fail, and what was logged. */
let heard: string[];
let failures: number;
let logged: string[];

function hear(by: string, { origin, position, event }: Recorded): void {
  heard.push(`${by}: ${origin}@${position} ${event.type}`);
}

@Controller()
class Reactions {
  @EventPattern('registry.Opened')
  onOpened(@Payload() recorded: Recorded): void {
    hear('opened', recorded);
  }

  @EventPattern('registry.Failing')
  async onFailing(@Payload() recorded: Recorded): Promise<void> {
    await Promise.resolve();
    if (failures > 0) {
      failures -= 1;
      throw new Error('not yet');
    }
    hear('failing', recorded);
  }

  @EventPattern('volunteers.Opened')
  onElsewhere(@Payload() recorded: Recorded) {
    return from([1, 2]).pipe((values) => {
      hear('elsewhere', recorded);
      return values;
    });
  }

  @EventPattern('absent.Opened')
  onAbsent(@Payload() recorded: Recorded): void {
    hear('absent', recorded);
  }
}

@Controller()
class MoreReactions {
  @EventPattern('registry.Opened')
  async onOpened(@Payload() recorded: Recorded): Promise<void> {
    hear('more', recorded);
  }

  @EventPattern('registry.Failing')
  async onFailing(@Payload() recorded: Recorded): Promise<void> {
    hear('more', recorded);
  }
}

nameHandlers([Reactions, MoreReactions]);

@Module({ controllers: [Reactions, MoreReactions] })
class ReactionsModule {}

/** As filters for GraphQL do, it answers with the failure. */
@Catch()
class AnsweringFilter {
  catch(error: unknown): unknown {
    return error;
  }
}

@Module({
  controllers: [Reactions],
  providers: [{ provide: APP_FILTER, useClass: AnsweringFilter }],
})
class FilteredModule {}

const nothing = z.strictObject({});
const events = { Opened: nothing, Failing: nothing, Ignored: nothing };

let registry: EventLog;
let volunteers: EventLog;
let transport: EventBusTransport;
let bus: EventBus;
let app: INestMicroservice;
const checkpoints = openMemoryCheckpoints();

beforeEach(async () => {
  heard = [];
  failures = 0;
  logged = [];
  bus = new EventBus();
  [registry, volunteers] = ['registry', 'volunteers'].map((origin) =>
    openMemoryLog({ origin, events, now: () => '2026-03-01T00:00:00.000Z' }),
  ) as [EventLog, EventLog];
  bus.publish(registry);
  bus.publish(volunteers);
  checkpoints.close();
  transport = new EventBusTransport(bus, checkpoints, clock);
  app = await start(ReactionsModule);
});
afterEach(() => app.close());

async function start(module: Type<unknown>): Promise<INestMicroservice> {
  const tell = (message: unknown) => void logged.push(String(message));
  const quiet = () => undefined;
  const logger = { error: tell, warn: tell, log: quiet };
  const started = await NestFactory.createMicroservice(module, { strategy: transport, logger });
  await started.listen();
  return started;
}

async function append(log: EventLog, ...types: readonly string[]): Promise<void> {
  const asked = { actor: 'li-1', fingerprint: '', reads: [] };
  const written = types.map((type) => ({ type }));
  const commandId = `command-${await log.head()}`;
  await log.append({ ...asked, commandId, writes: [{ stream: 's-1', events: written }] });
}

it('an event reaches every handler of its pattern, with all that was recorded', async () => {
  await append(registry, 'Opened');
  expect(await transport.caughtUp(LIMIT_MS)).toBe(true);
  expect(heard.toSorted()).toEqual(['more: registry@0 Opened', 'opened: registry@0 Opened']);
});

it('events of one origin come in order, and those that nobody handles are passed over', async () => {
  await append(registry, 'Ignored', 'Failing', 'Ignored');
  await append(registry, 'Failing');
  expect(await transport.caughtUp(LIMIT_MS)).toBe(true);
  expect(heard.filter((each) => each.startsWith('failing'))).toEqual([
    'failing: registry@1 Failing',
    'failing: registry@3 Failing',
  ]);
  await app.close();
  expect(checkpoints.load('registry')).toBe(4);
});

it('two handlers of one pattern need names, and no handler answers a question', () => {
  const hears = async (): Promise<void> => undefined;
  const fresh = new EventBusTransport(bus, checkpoints, clock);
  fresh.addHandler('registry.Opened', hears, true);
  expect(() => fresh.addHandler('registry.Opened', hears, true)).toThrow(/nameHandlers/);
  fresh.addHandler('registry.Opened', hears, true, { handler: 'Others.on' });
  expect(() => fresh.addHandler('registry.Asked', hears)).toThrow(/no questions/);
});

it('tells how far each origin was heard', async () => {
  await append(registry, 'Opened');
  await transport.caughtUp(LIMIT_MS);
  const [first, second] = await transport.heard();
  expect(first).toEqual({ origin: 'registry', position: 1, head: 1 });
  expect(second).toEqual({ origin: 'volunteers', position: 0, head: 0 });
  expect(await transport.list()).toEqual([]);
  await expect(async () => transport.retry('A/registry/s-1')).rejects.toThrow('is not parked');
});

it('the same type from two origins has a handler each', async () => {
  await append(volunteers, 'Opened');
  expect(await transport.caughtUp(LIMIT_MS)).toBe(true);
  expect(heard).toEqual(['elsewhere: volunteers@0 Opened']);
});

it('a handler that throws is called again, before any event behind it', async () => {
  failures = 2;
  await append(registry, 'Failing', 'Opened');
  expect(await transport.caughtUp(LIMIT_MS)).toBe(true);
  // The other handler of the same event is not called again for it.
  expect(heard.slice(0, 2)).toEqual(['more: registry@0 Failing', 'failing: registry@0 Failing']);
  expect(heard).toHaveLength(4);
  const again = 'registry@0 Failing: Reactions.onFailing failed, is tried again';
  expect(logged).toEqual(['Error: not yet', again, 'Error: not yet', again]);
});

it('a failure that an exception filter turns into an answer is still a failure', async () => {
  await app.close();
  transport = new EventBusTransport(bus, checkpoints, clock);
  app = await start(FilteredModule);
  failures = 1;
  await append(registry, 'Failing');
  expect(await transport.caughtUp(LIMIT_MS)).toBe(true);
  expect(heard).toEqual(['failing: registry@0 Failing']);
  const told = 'registry@0 Failing: Reactions.onFailing failed, is tried again: Error: not yet';
  expect(logged).toEqual([told]);
});

it('one origin that is held up holds up no other', async () => {
  failures = Infinity;
  await append(registry, 'Failing');
  await append(volunteers, 'Opened');
  for (let wait = 0; heard.length < 2 && wait < 1000; wait += 1) await transport.caughtUp(5);
  expect(heard.toSorted()).toEqual(['elsewhere: volunteers@0 Opened', 'more: registry@0 Failing']);
  expect(await transport.caughtUp(1)).toBe(false);
});

it('what was handled before a restart is not handled again', async () => {
  await append(registry, 'Opened');
  await transport.caughtUp(LIMIT_MS);
  await app.close();
  await append(registry, 'Failing');
  transport = new EventBusTransport(bus, checkpoints, clock);
  app = await start(ReactionsModule);
  expect(await transport.caughtUp(LIMIT_MS)).toBe(true);
  expect(heard.slice(2).toSorted()).toEqual([
    'failing: registry@1 Failing',
    'more: registry@1 Failing',
  ]);
});

it('after the closing nothing is handled', async () => {
  await app.close();
  await append(registry, 'Opened');
  expect(await transport.caughtUp(50)).toBe(false);
  expect(heard).toEqual([]);
});

it('origins that do not run in this process are named', () => {
  expect(transport.absentOrigins()).toEqual(['absent']);
});

describe('before anything is handled', () => {
  it('a log that ends before what was handled of it is refused, whoever put it back', async () => {
    const handled = openMemoryCheckpoints();
    const fresh = new EventBusTransport(bus, handled, clock);
    await fresh.checkPositions();
    handled.save('elsewhere', 9); // Not in this process: nothing can be said of it.
    handled.save('registry', await registry.head());
    await fresh.checkPositions();
    handled.save('registry', (await registry.head()) + 1);
    await expect(fresh.checkPositions()).rejects.toThrow(/^registry holds \d+ events, but/);
  });

  it('but one that records nothing is waited for: its loss is still to be declared', async () => {
    const handled = openMemoryCheckpoints();
    handled.save('registry', (await registry.head()) + 1);
    const silent = new EventBus();
    silent.publish({ ...registry, readOnly: 'it has lost an event' });
    const fresh = new EventBusTransport(silent, handled, clock);
    await fresh.checkPositions();
    expect(await fresh.caughtUp(LIMIT_MS)).toBe(true);
  });
});
