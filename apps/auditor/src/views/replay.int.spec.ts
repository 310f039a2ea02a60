import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { gridRegistryEvents } from '../../../grid-registry/src/grid-registry.events.js';
import { jsonOf, run } from '../../test/run-command.js';
import {
  gridsOpened,
  holderAppointed,
  overwrite,
  type SampleService,
  sampleService,
  START,
  tamper,
} from '../../test/sample-data.js';

const schemas = { ...gridRegistryEvents, GridBlessed: z.strictObject({ by: z.string() }) };

let sample: SampleService;
let to: string;

beforeEach(async () => {
  sample = sampleService('grid-registry', schemas);
  await sample.record([...gridsOpened(300), ...holderAppointed()]);
  to = join(sample.dataDir, 'rebuilt');
});
afterEach(() => sample.close());

const replay = (...args: readonly string[]) =>
  run('replay', sample.dataDir, '--service', 'grid-registry', '--to', to, ...args);

it('makes every view of a service anew, in the file that the service would read', async () => {
  await sample.project();
  const { code, out } = await replay();
  expect(code).toBe(0);
  expect(out).toMatch('grid-registry: 302 events replayed, 302 of them signed: ');
  expect(out).toMatch('\n  areas  300 rows\n  grids  300 rows\n  posts  1 row\n  holders  1 row\n');
  expect(readdirSync(sample.dir)).toContain(readdirSync(to)[0]);
});

it('takes events that are not signed as well; where none is, that is a gap', async () => {
  await sample.stop();
  tamper(sample, 'checkpoints.db', 'DELETE FROM checkpoint');
  const ended = await replay('--json');
  expect(ended.code).toBe(2);
  expect(jsonOf(ended)).toMatchObject([
    { events: 302, signed: 0, views: [{ rows: 300 }, {}, {}, {}] },
  ]);
});

it('stops at an event that this version does not know, and names it', async () => {
  await sample.record([['grid-1', { type: 'GridBlessed', by: 'li-1' } as { type: string }]]);
  const { code, out } = await replay();
  expect(code).toBe(2);
  expect(out).toMatch('event type GridBlessed is not declared by this service');
  expect(readdirSync(to)).toEqual([]);
});

it('leaves nothing of a log that is not what was signed', async () => {
  tamper(sample, 'log.db', overwrite('第7网格', '第8网格', 6));
  const { code, out } = await replay();
  expect(code).toBe(1);
  expect(out).toMatch('the first 302 events of grid-registry are not those that were signed');
  expect(readdirSync(to)).toEqual([]);
});

it('tells of events that are gone', async () => {
  tamper(sample, 'log.db', 'DELETE FROM event WHERE position > 299');
  const { code, out } = await replay();
  expect(code).toBe(2);
  expect(out).toBe('grid-registry: it ends at 300 events, but has signed 302\n');
});

it('says which fault a view has found in the events', async () => {
  const inspections = sampleService('inspections', {
    PlaceClosed: z.strictObject({ place: z.string(), at: z.string() }),
  });
  const closed = { type: 'PlaceClosed', place: 'p', at: START };
  await inspections.record([['place-p', closed]]);
  const ended = await run('replay', inspections.dataDir, '--service', 'inspections', '--to', to);
  expect(ended).toMatchObject({ code: 3, out: '' });
  expect(ended.err).toBe(
    'inspections: a view cannot take its events: PlaceClosed came before the event that starts its row of places\n',
  );
  await inspections.close();
});

it('touches no folder that is in use', async () => {
  to = sample.dir;
  const before = readdirSync(to);
  const ended = await replay();
  expect(ended).toMatchObject({ code: 3, err: expect.stringMatching(/is not empty/) });
  expect(readdirSync(to)).toEqual(before);
  to = join(sample.dataDir, 'file');
  writeFileSync(to, '');
  expect((await replay()).code).toBe(3);
});

it('asks for a service that there is, and for a place', async () => {
  const { dataDir } = sample;
  expect(await run('replay', dataDir, '--to', to)).toMatchObject({ code: 3 });
  expect(await run('replay', dataDir, '--service', 'grid-registry')).toMatchObject({ code: 3 });
  expect(await run('replay', dataDir, '--service', 'weather', '--to', to)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/there is no service weather/),
  });
  expect(existsSync(to)).toBe(false);
  rmSync(to, { force: true });
});
