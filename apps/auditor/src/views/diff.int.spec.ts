import { cpSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf, run } from '../../test/run-command.js';
import {
  grid,
  gridRenamed,
  gridsOpened,
  HOLDER,
  holderAppointed,
  type SampleService,
  sampleService,
  tamper,
} from '../../test/sample-data.js';

let sample: SampleService;
let viewsFile: string;

beforeEach(async () => {
  sample = sampleService();
  await sample.record([...gridsOpened(30), ...holderAppointed()]);
  await sample.project();
  viewsFile = readdirSync(sample.dir).find((name) => /^views-.*\.db$/.test(name)) ?? '';
});
afterEach(() => sample.close());

const diff = (...args: readonly string[]) => run('diff', sample.dataDir, ...args);

it('finds the live views identical to those made anew', async () => {
  const { code, out } = await diff();
  expect(code).toBe(0);
  expect(out).toBe(`grid-registry: views at position 32
  areas  30 rows, identical
  grids  30 rows, identical
  posts  1 row, identical
  holders  1 row, identical
`);
});

it('compares at the position of the live views, while the log goes on', async () => {
  await sample.record(gridRenamed(1, '南街网格'));
  const { code, out } = await diff();
  expect(code).toBe(0);
  expect(out).toMatch('grid-registry: views at position 32, 1 event behind the log\n');
});

it('names the fields in which a row differs, and the columns beside it', async () => {
  tamper(
    sample,
    viewsFile,
    `UPDATE view_areas SET row = json_set(row, '$.name', 'X', '$.extra', json('[1]'))
       WHERE key = '${grid(1)}';
     UPDATE view_areas SET f_current = 0 WHERE key = '${grid(2)}';
     UPDATE view_holders SET row = json_set(row, '$.sealed.box', '${'c'.repeat(56)}')`,
  );
  const { code, out } = await diff();
  expect(code).toBe(1);
  expect(out).toMatch(`  areas  30 rows: 0 missing, 0 extra, 2 different
    ${grid(1)} is different
      name: live "X", rebuilt "第1网格"
      extra: live [1], rebuilt nothing
    ${grid(2)} is different
      columns.f_current: live 0, rebuilt 1
`);
  expect(out).toMatch(`      sealed.box: live "ccc`);
  expect(out).toMatch(`    ${HOLDER} is different`);
});

it('tells missing rows from those that are too many, and lists the first of many', async () => {
  tamper(
    sample,
    viewsFile,
    `DELETE FROM view_grids WHERE key > '${grid(5)}';
     INSERT INTO view_grids (key, row, stream, position, since)
       VALUES ('${grid(6)}x', '{}', 's', 0, 0), ('0', 'no JSON', 's', 0, 0);
     UPDATE view_grids SET row = 'no JSON' WHERE key = '${grid(1)}'`,
  );
  const ended = await diff('--json', '--limit', '3');
  expect(ended.code).toBe(1);
  const [{ views } = { views: [] }] = jsonOf<{ views: { view: string }[] }>(ended);
  expect(views.find(({ view }) => view === 'grids')).toMatchObject({
    rows: 32,
    missing: 25,
    extra: 2,
    different: 1,
    first: [
      { key: '0', is: 'extra' },
      { key: grid(1), is: 'different', fields: [{ path: '', live: 'no JSON' }] },
      { key: grid(6), is: 'missing' },
    ],
  });
  expect((await diff('--limit', '3')).out).toMatch('    and 25 more\n');
});

it('finds views that know more than the log', async () => {
  tamper(sample, viewsFile, 'UPDATE applied SET position = 40');
  const { code, out } = await diff();
  expect(code).toBe(2);
  expect(out).toMatch('its views hold 8 events that the log does not: it ends at 32');
});

it('needs views of this version', async () => {
  renameSync(join(sample.dir, viewsFile), join(sample.dir, 'views-00000000.db'));
  const ended = await diff();
  expect(ended).toMatchObject({ code: 3, out: '' });
  expect(ended.err).toMatch('it has views-00000000.db: take the version that made them');
});

it('works on a copy, and leaves it as it was', async () => {
  const copy = join(sample.dataDir, 'copy');
  await sample.stop();
  cpSync(sample.dir, join(copy, 'grid-registry'), { recursive: true });
  const before = readdirSync(join(copy, 'grid-registry'));
  expect((await run('diff', copy)).code).toBe(0);
  expect(readdirSync(join(copy, 'grid-registry'))).toEqual(before);
});

it('refuses a service that is not there, and what is no number', async () => {
  expect(await diff('--service', 'mediation')).toMatchObject({ code: 3 });
  expect(await diff('--limit', 'all')).toMatchObject({
    code: 3,
    err: expect.stringMatching(/--limit is "all": it must be a whole number/),
  });
});
