import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { validate, version } from 'uuid';
import { SystemClock } from '#libs/scheduler';
import { Timer, timerMeta } from './timer.js';

const START = Date.parse('2026-03-09T15:59:50.000Z');
const at = (ms: number): string => new Date(START + ms).toISOString();

/** Has something to do at the given times. */
class ReminderTimer extends Timer {
  readonly looks: string[] = [];
  readonly done: string[] = [];
  /** How many looks are still to fail. */
  breaks = 0;
  /** Resolves when the command in hand is recorded. */
  recorded: Promise<void> = Promise.resolve();

  constructor(private readonly times: string[]) {
    super(new SystemClock());
  }

  protected override async due(now: string): Promise<string | undefined> {
    this.looks.push(now);
    if (this.breaks > 0) {
      this.breaks -= 1;
      throw new Error('the store is busy');
    }
    const [next] = this.times;
    if (next === undefined || next > now) return next;
    await this.recorded;
    this.times.shift();
    this.done.push(now);
    return this.times[0];
  }
}

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

function started(times: readonly string[]): ReminderTimer {
  const timer = new ReminderTimer([...times]);
  timer.onApplicationBootstrap();
  return timer;
}

describe('a timer', () => {
  it('does nothing before its service has started', async () => {
    const timer = new ReminderTimer([at(0)]);
    await pass(5000);
    expect(timer.looks).toEqual([]);
  });

  it('does at the start what became due while nothing ran', async () => {
    const timer = started([at(-86_400_000), at(-1)]);
    await pass(2);
    expect(timer.done).toHaveLength(2);
  });

  it('acts at the very moment that something is due, not before', async () => {
    const timer = started([at(3210)]);
    await pass(3209);
    expect(timer.done).toEqual([]);
    await pass(1);
    expect(timer.done).toEqual([at(3210)]);
  });

  it('looks again within a second, so that what was recorded meanwhile is not late', async () => {
    const timer = started([]);
    await pass(10_400);
    expect(timer.looks).toHaveLength(11);
    timer['times'].push(at(10_500));
    await pass(600);
    expect(timer.done).toEqual([at(11_000)]);
  });

  it('notices a clock that was set forward', async () => {
    const timer = started([at(86_400_000)]);
    await pass(1500);
    jest.setSystemTime(START + 86_400_000);
    await pass(500);
    expect(timer.done).toHaveLength(1);
  });

  it('runs once, although it may be started twice', async () => {
    const timer = started([]);
    timer.onApplicationBootstrap();
    await pass(2400);
    expect(timer.looks).toHaveLength(3);
  });
});

describe('a timer that fails', () => {
  it('says so and tries again, ever more slowly, until it succeeds', async () => {
    const told = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const timer = new ReminderTimer([at(0)]);
    timer.breaks = 3;
    timer.onApplicationBootstrap();
    await pass(20_000);
    expect(timer.looks.slice(0, 4)).toEqual([at(0), at(2000), at(6000), at(14_000)]);
    expect(timer.done).toEqual([at(14_000)]);
    expect(told.mock.calls[0]).toEqual(['failed, is tried again: Error: the store is busy']);
    expect(timer.looks.slice(4, 6)).toEqual([at(15_000), at(16_000)]);
    told.mockRestore();
  });
});

describe('a timer that is stopped', () => {
  it('does nothing more', async () => {
    const timer = started([at(3000)]);
    await pass(1000);
    await timer.beforeApplicationShutdown();
    const { length } = timer.looks;
    await pass(10_000);
    expect([timer.looks.length, timer.done]).toEqual([length, []]);
  });

  it('finishes first what it has in hand, since the stores are closed after it', async () => {
    const timer = new ReminderTimer([at(0), at(0)]);
    let record: () => void = () => undefined;
    timer.recorded = new Promise((resolve) => (record = resolve));
    timer.onApplicationBootstrap();
    await pass(0);
    let stopped = false;
    const stopping = timer.beforeApplicationShutdown().then(() => (stopped = true));
    await pass(1000);
    expect(stopped).toBe(false);
    record();
    await stopping;
    await pass(10_000);
    expect(timer.done).toHaveLength(1);
  });

  it('is not started again by a start that comes late', async () => {
    const timer = new ReminderTimer([]);
    await timer.beforeApplicationShutdown();
    timer.onApplicationBootstrap();
    await pass(1000);
    expect(timer.looks).toEqual([]);
  });
});

describe('a command that a timer sends', () => {
  const dueAt = '2026-03-09T16:00:00.000Z';
  const meta = timerMeta('inspections', 'markOverdue', { target: 'hazard-1', dueAt });

  it('is sent in the name of the service, under an id that begins with its time', () => {
    expect(meta).toMatchObject({
      actor: 'service:inspections',
      request: ['markOverdue', 'hazard-1', dueAt],
    });
    expect([validate(meta.commandId), version(meta.commandId)]).toEqual([true, 8]);
    const time = Number.parseInt(meta.commandId.replaceAll('-', '').slice(0, 12), 16);
    expect(new Date(time).toISOString()).toBe(dueAt);
  });

  it('has the same id however often it is sent, and after every update', () => {
    expect(meta.commandId).toBe('019cd353-a400-860b-8f01-67d60d67ad8d');
  });

  it('has another id for another service, command, target or time', () => {
    const more = { target: 'hazard-1', dueAt };
    const metas = [
      meta,
      timerMeta('volunteers', 'markOverdue', more),
      timerMeta('inspections', 'remind', more),
      timerMeta('inspections', 'markOverdue', { ...more, target: 'hazard-2' }),
      timerMeta('inspections', 'markOverdue', { ...more, dueAt: '2026-03-10T16:00:00.000Z' }),
    ];
    expect(new Set(metas.map(({ commandId }) => commandId)).size).toBe(metas.length);
  });
});
