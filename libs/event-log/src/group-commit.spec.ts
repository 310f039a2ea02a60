import { jest } from '@jest/globals';
import { SystemClock } from '#libs/scheduler';
import { LogBusy } from './faults.js';
import { groupCommit, QUEUE_MAX } from './group-commit.js';

/** A disk that takes batches of numbers, or is busy, or fails, as the test says. */
class Disk {
  readonly batches: (readonly number[])[] = [];
  tries = 0;
  isBusy = false;
  /** How long a try waits for the other process before it gives up. */
  waitMs = 0;

  readonly flush = (batch: readonly number[]): readonly string[] | undefined => {
    this.tries += 1;
    if (this.isBusy) {
      jest.advanceTimersByTime(this.waitMs);
      return undefined;
    }
    if (batch.includes(-1)) throw new Error('the disk is full');
    this.batches.push(batch);
    return batch.map((n) => `answer ${n}`);
  };
}

let disk: Disk;
let group: ReturnType<typeof groupCommit<number, string>>;

beforeEach(() => {
  jest.useFakeTimers();
  disk = new Disk();
  group = groupCommit('sample', disk.flush, new SystemClock());
});
afterEach(() => {
  jest.useRealTimers();
});

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const sizes = () => disk.batches.map((batch) => batch.length);

/** What becomes of all that was asked for, when nothing more happens. */
async function settled(asked: readonly Promise<string>[]) {
  const outcomes = Promise.allSettled(asked);
  await jest.runAllTimersAsync();
  return outcomes;
}

describe('what is asked for in one turn', () => {
  it('is flushed together, in order, and each is answered with its own', async () => {
    const asked = numbers(5).map((n) => group.append(n));
    expect(disk.tries).toBe(0);
    const outcomes = await settled(asked);
    expect(disk.batches).toEqual([[0, 1, 2, 3, 4]]);
    expect(outcomes).toEqual(
      numbers(5).map((n) => ({ status: 'fulfilled', value: `answer ${n}` })),
    );
  });

  it('is flushed in batches of 256 at most', async () => {
    await settled(numbers(600).map((n) => group.append(n)));
    expect(sizes()).toEqual([256, 256, 88]);
    expect(disk.batches.flat()).toEqual(numbers(600));
  });

  it('does not wait for a timer, and a lone one for nobody', async () => {
    const asked = group.append(7);
    await jest.advanceTimersByTimeAsync(0);
    expect(await asked).toBe('answer 7');
  });
});

it('what comes while a batch is flushed is in the next one', async () => {
  const first = group.append(1).then(() => Promise.all([2, 3].map((n) => group.append(n))));
  await jest.runAllTimersAsync();
  await first;
  expect(disk.batches).toEqual([[1], [2, 3]]);
});

describe('a flush that fails', () => {
  it('fails for all of its batch, and for nobody else', async () => {
    const asked = [...numbers(256), -1, 300].map((n) => group.append(n));
    const outcomes = await settled(asked);
    const failed = outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []));
    expect(failed).toEqual([256, 257]);
    expect(outcomes[257]).toMatchObject({ reason: { message: 'the disk is full' } });
    await settled([group.append(301)]);
    expect(disk.batches.at(-1)).toEqual([301]);
  });
});

describe('while another process writes', () => {
  it('the same batch is tried again, every 3 ms, before any other', async () => {
    disk.isBusy = true;
    const first = group.append(1);
    await jest.advanceTimersByTimeAsync(30);
    expect(disk.tries).toBe(11);
    const second = group.append(2);
    disk.isBusy = false;
    await settled([first, second]);
    expect(disk.batches).toEqual([[1], [2]]);
  });

  it.each([0, 50])('is told after 10 s that it is busy (each try waits %i ms)', async (waitMs) => {
    disk.isBusy = true;
    disk.waitMs = waitMs;
    const start = performance.now();
    const [outcome] = await settled([group.append(1)]);
    const passedMs = performance.now() - start;
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(LogBusy) });
    expect(outcome).toMatchObject({ reason: { code: 'LOG_BUSY', retryAfterMs: 500 } });
    expect(passedMs).toBeGreaterThanOrEqual(10_000);
    expect(passedMs).toBeLessThan(10_200);
    disk.isBusy = false;
    const [after] = await settled([group.append(2)]);
    expect(after).toMatchObject({ status: 'fulfilled' });
    // Refused, it must not be recorded later.
    expect(disk.batches).toEqual([[2]]);
  });
});

describe('the queue', () => {
  it('has an end: whoever comes later is told when to ask again', async () => {
    const asked = numbers(QUEUE_MAX).map((n) => group.append(n));
    const late = group.append(QUEUE_MAX);
    await expect(late).rejects.toThrow(LogBusy);
    await expect(late).rejects.toMatchObject({ retryAfterMs: 500 });
    const outcomes = await settled(asked);
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(disk.batches.flat()).toHaveLength(QUEUE_MAX);
    await expect(settled([group.append(1)])).resolves.toMatchObject([{ status: 'fulfilled' }]);
  });
});

describe('draining', () => {
  it('waits until all is answered, whoever asks for it, and takes nothing more', async () => {
    const asked = numbers(300).map((n) => group.append(n));
    const told: string[] = [];
    const drained = ['one', 'other'].map(async (name) => {
      await group.drain();
      told.push(`${name} after ${disk.batches.flat().length}`);
    });
    await expect(group.append(301)).rejects.toThrow('sample is closed');
    await jest.runAllTimersAsync();
    await Promise.all([...drained, ...asked]);
    expect(told).toEqual(['one after 300', 'other after 300']);
    await group.drain();
  });

  it('of an idle one is done at once', async () => {
    await group.drain();
    await expect(group.append(1)).rejects.toThrow('sample is closed');
  });

  it('waits for one that is tried again', async () => {
    disk.isBusy = true;
    const asked = group.append(1);
    await jest.advanceTimersByTimeAsync(10);
    const drained = group.drain();
    disk.isBusy = false;
    await settled([asked]);
    await drained;
    expect(disk.batches).toEqual([[1]]);
  });
});
