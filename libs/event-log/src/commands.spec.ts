import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { type Aggregate, refuse } from '#libs/event';
import { type CommandMeta, Commands, type Streams } from './commands.js';
import { commitOf } from './sample-commits.conformance.js';
import type { EventLog } from './event-log.js';
import { CommandConflict } from './faults.js';
import { openMemoryLog } from './memory-log.js';

interface Added {
  readonly type: 'Added';
  readonly by: number;
}

const added = (by: number): Added => ({ type: 'Added', by });

/** An account that may not be overdrawn. */
const accounts: Aggregate<number, Added> = {
  category: 'account',
  initial: 0,
  evolve: (sum, { by }) => sum + by,
};

let log: EventLog;
let commands: Commands;

beforeEach(() => {
  const events = { Added: z.strictObject({ by: z.int() }) };
  log = openMemoryLog({ origin: 'bank', events, now: () => '2026-03-01T00:00:00.000Z' });
  commands = new Commands(log);
});

/** Somebody else's commit to the account, past any check. */
const interfere = (id: string, by: number) =>
  log.append(commitOf({ writes: [{ stream: `account-${id}`, events: [added(by)] }] }));

const meta = (commandId: string, request: unknown = ['add']): CommandMeta => ({
  commandId,
  actor: 'li-1',
  request,
});

const add =
  (id: string, by: number) =>
  async (streams: Streams): Promise<ReturnType<typeof refuse<'Overdrawn'>> | undefined> => {
    const account = await streams.load(accounts, id);
    const decision = account.state + by < 0 ? refuse('Overdrawn') : by === 0 ? [] : [added(by)];
    return streams.record(account, decision);
  };

describe('a command', () => {
  it('is answered with its events and the position of the last', async () => {
    await commands.execute(meta('1'), add('a', 5));
    const done = await commands.execute(meta('2'), async (streams) => {
      const a = await streams.load(accounts, 'a');
      const b = await streams.load(accounts, 'b');
      return streams.record(a, [added(-5)]) ?? streams.record(b, [added(2), added(3)]);
    });
    expect(done).toMatchObject({
      status: 'done',
      position: 3,
      events: [
        { position: 1, stream: 'account-a', event: added(-5) },
        { position: 2, stream: 'account-b', event: added(2) },
        { position: 3, stream: 'account-b', event: added(3) },
      ],
    });
  });

  it('is recorded with its actor, its id and its cause', async () => {
    await commands.execute({ ...meta('1'), cause: 'other@7' }, add('a', 5));
    const [entry] = await log.read(0, 1);
    expect(entry).toMatchObject({ actor: 'li-1', commandId: '1', cause: 'other@7' });
  });

  it('that the rule refuses stores nothing, not even what was recorded before', async () => {
    const refused = await commands.execute(meta('1'), async (streams) => {
      const a = await streams.load(accounts, 'a');
      const b = await streams.load(accounts, 'b');
      return streams.record(a, [added(1)]) ?? streams.record(b, refuse('Overdrawn'));
    });
    expect(refused).toEqual({ refused: 'Overdrawn' });
    expect(await log.head()).toBe(0);
  });

  it('that changes nothing is done without events, and stores nothing', async () => {
    await commands.execute(meta('1'), add('a', 5));
    const done = await commands.execute(meta('2'), add('a', 0));
    expect(done).toEqual({ status: 'done', position: 0, events: [] });
    expect(await log.head()).toBe(1);
    expect(await log.command('li-1', '2')).toBeUndefined();
  });

  it('may record twice on one stream, in order', async () => {
    await commands.execute(meta('1'), async (streams) => {
      const a = await streams.load(accounts, 'a');
      return streams.record(a, [added(1)]) ?? streams.record(a, [added(2)]);
    });
    const stream = await log.readStream('account-a');
    expect(stream.map(({ version, event }) => [version, event])).toEqual([
      [0, added(1)],
      [1, added(2)],
    ]);
  });

  it('whose work fails stores nothing and fails', async () => {
    const failing = commands.execute(meta('1'), async (streams) => {
      streams.record(await streams.load(accounts, 'a'), [added(1)]);
      throw new Error('out of paper');
    });
    await expect(failing).rejects.toThrow('out of paper');
    expect(await log.head()).toBe(0);
  });
});

describe('a repeated command', () => {
  it('is answered as the first time, though the state has changed since', async () => {
    const first = await commands.execute(meta('1'), add('a', 5));
    await commands.execute(meta('2'), add('a', -5));
    const drawn = await commands.execute(meta('3'), add('a', -1));
    expect(drawn).toEqual({ refused: 'Overdrawn' });
    expect(await commands.execute(meta('1'), add('a', 5))).toEqual(first);
    expect(await log.head()).toBe(2);
  });

  it('does no work again', async () => {
    await commands.execute(meta('1'), add('a', 5));
    const again = commands.execute(meta('1'), async () => {
      throw new Error('worked again');
    });
    await expect(again).resolves.toMatchObject({ status: 'done' });
  });

  it('for another request is refused, and nothing of it is stored', async () => {
    await commands.execute(meta('1', ['add', 5]), add('a', 5));
    const reused = await commands.execute(meta('1', ['add', 6]), add('a', 6));
    expect(reused).toEqual({ refused: 'CommandIdReused' });
    expect(await log.head()).toBe(1);
  });

  it('of another actor is a command of its own', async () => {
    await commands.execute(meta('1'), add('a', 5));
    await commands.execute({ ...meta('1'), actor: 'wang-1' }, add('a', 5));
    expect(await commands.read(accounts, 'a')).toBe(10);
  });

  it('sent twice at once is done once, and both are told the same', async () => {
    const [one, two] = await Promise.all([
      commands.execute(meta('1'), add('a', 5)),
      commands.execute(meta('1'), add('a', 5)),
    ]);
    expect(one).toEqual(two);
    expect(await commands.read(accounts, 'a')).toBe(5);
  });

  it.each([
    ['finds that it is refused', -5],
    ['finds nothing to do', 0],
  ])('committed while its twin decides is not denied when that %s', async (_, by) => {
    await interfere('a', 5);
    const twin = commands.execute(meta('1'), async (streams) => {
      await nextTurn();
      return add('a', by)(streams);
    });
    const first = await commands.execute(meta('1'), add('a', -5));
    expect(await twin).toEqual(first);
  });

  it('after a refusal is decided anew', async () => {
    expect(await commands.execute(meta('1'), add('a', -5))).toEqual({ refused: 'Overdrawn' });
    await interfere('a', 5);
    expect(await commands.execute(meta('1'), add('a', -5))).toMatchObject({ status: 'done' });
  });
});

describe('streams that change while a command decides', () => {
  /** Adds to the account; somebody else writes `changed` during each of the first tries. */
  function disturbed(changed: string, times: number) {
    let tries = 0;
    const work = async (streams: Streams) => {
      const other = await streams.load(accounts, 'other');
      const a = await streams.load(accounts, 'a');
      tries += 1;
      if (tries <= times) await interfere(changed, 1);
      return streams.record(a, [added(100 + other.state)]);
    };
    return { work, tries: () => tries };
  }

  it.each([
    ['written', 'a', 1, 101],
    ['written', 'a', 2, 102],
    ['only read', 'other', 1, 101],
    ['only read', 'other', 2, 102],
  ])('a stream that is %s (%s), changed %i times: it decides again', async (_, id, times, sum) => {
    const { work, tries } = disturbed(id, times);
    expect(await commands.execute(meta('1'), work)).toMatchObject({ status: 'done' });
    expect(tries()).toBe(times + 1);
    expect(await commands.read(accounts, 'a')).toBe(sum);
  });

  it.each(['a', 'other'])('changed during all three tries (%s): it gives up', async (id) => {
    const { work, tries } = disturbed(id, 3);
    const conflict = commands.execute(meta('1'), work);
    await expect(conflict).rejects.toThrow(CommandConflict);
    await expect(conflict).rejects.toThrow(`account-${id} changed during each of 3 tries`);
    expect(tries()).toBe(3);
    const entries = await log.read(0, 10);
    expect(entries.map(({ event }) => event)).toEqual([added(1), added(1), added(1)]);
  });

  it('a stream loaded twice is the same within one command', async () => {
    await commands.execute(meta('1'), async (streams) => {
      const before = await streams.load(accounts, 'a');
      streams.record(before, [added(1)]);
      expect(await streams.load(accounts, 'a')).toBe(before);
      return undefined;
    });
  });
});

describe('reading a state', () => {
  it('folds the events of one stream, or is the initial state', async () => {
    await commands.execute(meta('1'), add('a', 5));
    await commands.execute(meta('2'), add('a', 2));
    await commands.execute(meta('3'), add('b', 9));
    expect(await commands.read(accounts, 'a')).toBe(7);
    expect(await commands.read(accounts, 'none')).toBe(0);
  });
});
