import { jsonOf, run } from '../../test/run-command.js';
import {
  gridRenamed,
  gridsOpened,
  NAME,
  type SampleService,
  sampleService,
  tamper,
} from '../../test/sample-data.js';

let sample: SampleService;

beforeEach(async () => {
  sample = sampleService();
  await sample.record(gridsOpened(3));
  sample.clock.now = '2026-11-22T09:00:00.000Z';
  await sample.record(gridRenamed(1, '南街网格'));
});
afterEach(() => sample.close());

it('tells how much a log holds, of what, and how far it is signed', async () => {
  const ended = await run('stat', sample.dataDir, '--json');
  expect(ended.code).toBe(0);
  expect(jsonOf(ended)).toMatchObject([
    {
      service: 'grid-registry',
      events: 4,
      streams: 3,
      types: { GridOpened: 3, GridRenamed: 1 },
      first: '2026-11-22T08:00:00.000Z',
      last: '2026-11-22T09:00:00.000Z',
      checkpoint: {
        origin: NAME,
        size: 4,
        vkey: sample.signed.vkey,
        until: '2026-11-22T09:00:00.000Z',
      },
      unsigned: 0,
      epochs: [{ epoch: 1, origin: NAME }],
      files: { 'log.db': expect.any(Number), 'checkpoints.db': expect.any(Number) },
    },
  ]);
});

it('tells people the same', async () => {
  const { out } = await run('stat', sample.dataDir);
  const key = sample.signed.vkey.split('+')[1];
  expect(out).toMatch(/^grid-registry: 4 events in 3 streams, \d+ bytes, /);
  expect(out).toMatch('  recorded    2026-11-22T08:00:00.000Z to 2026-11-22T09:00:00.000Z\n');
  expect(out).toMatch(`  checkpoint  4 events of ${NAME}, key ${key}, the newest `);
  expect(out).toMatch('\n          3  GridOpened\n          1  GridRenamed\n');
  expect(out).toMatch(/\d+ {2}bytes in log\.db\n/);
});

it('counts what is not signed yet, and a log without events', async () => {
  await sample.stop();
  tamper(sample, 'checkpoints.db', 'DELETE FROM checkpoint WHERE size = 4');
  expect(jsonOf(await run('stat', sample.dataDir, '--json'))).toMatchObject([
    { events: 4, checkpoint: { size: 3, until: '2026-11-22T08:00:00.000Z' }, unsigned: 1 },
  ]);
  const empty = sampleService();
  expect((await run('stat', empty.dataDir)).out).toMatch(
    /^grid-registry: 0 events in 0 streams, 0 bytes, .*\n {2}checkpoint {2}none: nothing is signed\n/,
  );
  await empty.close();
});
