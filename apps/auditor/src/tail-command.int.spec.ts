import { jsonOf, keptIo, run } from '../test/run-command.js';
import {
  gridRenamed,
  gridsOpened,
  overwrite,
  type SampleService,
  sampleService,
  tamper,
} from '../test/sample-data.js';
import { runTail } from './tail-command.js';

let sample: SampleService;

beforeEach(async () => {
  sample = sampleService();
  await sample.record(gridsOpened(12));
});
afterEach(() => sample.close());

const positions = (out: string) =>
  [...out.matchAll(/@(\d+) {2}/g)].map(([, digits]) => Number(digits));

it('prints the last events, a line each', async () => {
  const { code, out } = await run('tail', sample.dataDir);
  expect(code).toBe(0);
  expect(positions(out)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(out).toMatch(
    /^grid-registry@2 {2}2026-11-22T08:00:00.000Z {2}GridOpened {2}grid-430502001001003 {2}li-1 {2}\{/,
  );
});

it('prints from a position on, and no more than is asked for', async () => {
  expect(positions((await run('tail', sample.dataDir, '--from', '9')).out)).toEqual([9, 10, 11]);
  expect(positions((await run('tail', sample.dataDir, '--limit', '2')).out)).toEqual([10, 11]);
  const some = await run('tail', sample.dataDir, '--from', '3', '--limit', '2', '--json');
  expect(jsonOf(some)).toMatchObject([
    { position: 'grid-registry@3' },
    { position: 'grid-registry@4' },
  ]);
  expect(await run('tail', sample.dataDir, '--from', '12')).toMatchObject({ code: 0, out: '' });
  expect(await run('tail', sample.dataDir, '--from', 'now')).toMatchObject({ code: 3 });
});

it('prints events as they come, until it is interrupted', async () => {
  const { io, out } = keptIo();
  const interrupt = new AbortController();
  const ended = runTail([sample.dataDir, '--from', '11', '--follow'], io, interrupt.signal);
  await sample.record(gridRenamed(1, '南街网格'));
  await soon(() => expect(positions(out())).toEqual([11, 12]));
  await sample.record(gridRenamed(2, '北街网格'));
  await soon(() => expect(positions(out())).toEqual([11, 12, 13]));
  interrupt.abort();
  expect(await ended).toBe(0);
});

it('ends when as many came as were asked for', async () => {
  const { io, out } = keptIo();
  const ended = runTail([sample.dataDir, '--from', '12', '--follow', '--limit', '1'], io);
  await sample.record([...gridRenamed(1, '甲'), ...gridRenamed(1, '乙')]);
  expect(await ended).toBe(0);
  expect(positions(out())).toEqual([12]);
});

it('stops at what is damaged, and at what is missing', async () => {
  tamper(sample, 'log.db', `UPDATE event SET entry = x'00' WHERE position = 5`);
  const damaged = await run('tail', sample.dataDir, '--from', '4');
  expect(damaged).toMatchObject({
    code: 1,
    out: expect.stringMatching(/entry 5 is not what was written/),
  });
  tamper(sample, 'log.db', overwrite('第9网格', '第8网格', 8));
  tamper(sample, 'log.db', 'DELETE FROM event WHERE position = 10');
  const missing = await run('tail', sample.dataDir, '--from', '9', '--follow');
  expect(missing).toMatchObject({ code: 2, out: expect.stringMatching(/event 10 is missing/) });
});

async function soon(check: () => void): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      return check();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  check();
}
