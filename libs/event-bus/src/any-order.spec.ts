import fc from 'fast-check';
import { SampleFeed, type Take } from '../test/sample-feed.js';
import type { Consumer } from './consumer.js';

const STREAMS = 6;
const DAY_MS = 86_400_000;

/** What happens to a delivery, drawn once for each handler and position. */
const fates = fc.array(fc.constantFrom<Fate>('well', 'well', 'well', 'slow', 'busy', 'poisoned'), {
  minLength: 1,
  maxLength: 97,
});
type Fate = 'well' | 'slow' | 'busy' | 'poisoned';

const plays = fc.record({
  streams: fc.array(fc.nat({ max: STREAMS - 1 }), { minLength: 1, maxLength: 120 }),
  fates,
  /** How long each life of the process lasts, and whether its last checkpoints were kept. */
  lives: fc.array(fc.record({ ms: fc.nat({ max: 20_000 }), forgets: fc.boolean() }), {
    maxLength: 4,
  }),
});

it('every event has its effect, first in the order of its stream, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(plays, async ({ streams, fates, lives }) => {
      const sample = new SampleFeed();
      const mended = { all: false };
      const take = (salt: number): Take => {
        const failed = new Set<number>();
        return async ({ position }) => {
          const fate = fates[(position * 31 + salt) % fates.length];
          if (fate === 'slow') await sample.scheduler.sleep((position % 7) * 300);
          if (mended.all) return;
          if (fate === 'poisoned') throw new Error(fate);
          if (fate !== 'busy' || failed.has(position)) return;
          failed.add(position);
          throw Object.assign(new Error(fate), { code: 'LOG_BUSY' });
        };
      };
      const handlers = [
        sample.handler('A.on', take(0)),
        sample.handler('B.on', take(1)),
        sample.handler('B.other', take(2)),
      ];
      await sample.append(...streams.map((stream) => `s-${stream}`));
      for (const { ms, forgets } of lives) {
        const before = sample.saved;
        const consumer = sample.started(handlers);
        await sample.pass(ms);
        await ended(sample, consumer);
        if (forgets) sample.checkpoints.save('sample', before);
      }
      const last = sample.started(handlers);
      await sample.pass(DAY_MS);
      mended.all = true;
      for (const { id } of last.lanes.list()) {
        const retried = last.lanes.retry(id);
        await sample.pass(DAY_MS);
        expect((await retried).failure).toBeUndefined();
      }
      expect([last.lanes.list(), sample.saved]).toEqual([[], streams.length]);
      for (const { name } of handlers) expect(inOrder(sample, name, streams)).toBe(true);
    }),
    { numRuns: 150 },
  );
}, 60_000);

async function ended(sample: SampleFeed, consumer: Consumer): Promise<void> {
  const stopped = consumer.stop();
  await sample.pass(DAY_MS);
  await stopped;
}

/** Whether the first effects of each stream's events are all there, in their order. */
function inOrder({ handled }: SampleFeed, name: string, streams: readonly number[]): boolean {
  const first = new Set(
    handled.filter((each) => each.startsWith(`${name} `)).map((each) => Number(each.split(' ')[1])),
  );
  return Array.from({ length: STREAMS }, (_, stream) => stream).every((stream) => {
    const heard = [...first].filter((position) => streams[position] === stream);
    const told = streams.flatMap((each, position) => (each === stream ? [position] : []));
    return heard.join() === told.join();
  });
}
