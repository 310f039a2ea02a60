import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokenKey } from '#libs/access';
import { Running } from './process.js';

let dataDir: string;
const running: Running[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-ops-'));
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function start(program: string, args: string[] = [], env: Record<string, string> = {}): Running {
  const started = Running.start(program, { DATA_DIR: dataDir, PORT: '0', ...env }, args);
  running.push(started);
  return started;
}

async function ops(...args: string[]) {
  const process = start('platform/src/ops', args, { PORT: '1' });
  return { code: await process.exit(), out: process.output() };
}

it('lists and retries what is parked in the running platform, which shows how far it is', async () => {
  const platform = start('platform/src/main');
  const url = await platform.url();
  const listed = await ops('parked', 'list', '--url', url);
  expect(listed).toMatchObject({ code: 0, out: 'nothing is parked\n' });
  const retried = await ops('parked', 'retry', '--url', url);
  expect(retried.code).toBe(1);
  expect(retried.out).toContain('nothing like that is parked');
  const asJson = await ops('parked', 'list', '--json', '--url', url);
  expect(JSON.parse(asJson.out)).toEqual({ parked: [] });

  const printed = start('platform/src/token', ['--role', 'operator', '--area', '0']);
  await printed.exit();
  const headers = { authorization: `Bearer ${printed.output().trim()}` };
  const status = await fetch(new URL('/status.json', url), { headers });
  const { services } = (await status.json()) as { services: { service: string; head: number }[] };
  expect(services.map(({ service }) => service)).toEqual([
    'grid-registry',
    'mediation',
    'volunteers',
    'inspections',
  ]);
  expect(services[0]?.head).toBeGreaterThan(3000);
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  expect(metrics).toContain(
    'fengqiao_consumer_lag_events{service="mediation",origin="grid-registry"} ',
  );
}, 60_000);

it('makes views anew, compares them, and goes back to those before', async () => {
  const platform = start('platform/src/main');
  const at = ['--service', 'volunteers', '--url', await platform.url()];
  const listed = await ops('views', 'list', ...at);
  expect(listed.out).toMatch(
    /^volunteers: generation 1, \d+ of \d+ events\n {2}none to go back to/,
  );
  const refused = await ops('views', 'back', ...at);
  expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('no generation before')]);
  const rebuilt = await ops('views', 'rebuild', ...at);
  expect(rebuilt).toMatchObject({ code: 0 });
  expect(rebuilt.out).toMatch(
    /^volunteers: generation 2 answers\n {2}\w+: \d+ rows compared, 0 were/,
  );
  const back = await ops('views', 'back', '--json', ...at);
  expect(JSON.parse(back.out)).toEqual({ switched: { service: 'volunteers', generation: 1 } });
  const again = await ops('views', 'rebuild', '--json', ...at);
  // How many rows differ is for an operator, which they are for an auditor: they are of persons.
  const [compared] = JSON.parse(again.out).switched.comparisons;
  const counts = { rows: expect.any(Number), missing: 0, extra: 0, different: 0 };
  expect(compared).toEqual({ view: expect.any(String), ...counts });
  const after = await ops('views', 'list', '--json', ...at);
  expect(JSON.parse(after.out).views).toMatchObject([{ generation: 3, before: 1, rebuild: null }]);
}, 60_000);

it.each([
  ['nothing runs', ['parked', 'list'], 'ops: nothing answers at http://127.0.0.1:1'],
  ['a skip has no reason', ['parked', 'skip', '--id', 'x'], 'ops: --reason is missing'],
  ['a reason is given for a list', ['parked', 'list', '--reason', 'x'], 'belongs to a skip only'],
  ['the work is unknown', ['parked', 'drop'], 'parked list, parked retry, parked skip, views list'],
  ['a rebuild names no service', ['views', 'rebuild'], '--service is missing: whose views?'],
  ['views are asked for by stream', ['views', 'list', '--stream', 'x'], 'only --service'],
  ['an option is unknown', ['parked', 'list', '--all'], "Unknown option '--all'"],
  ['the name cannot act', ['parked', 'list', '--as', 'service:x'], '--as must be 1 to 64'],
])('says so in a line when %s', async (_, args, said) => {
  openTokenKey(dataDir);
  const { code, out } = await ops(...args);
  expect([code, out.startsWith('ops: ')]).toEqual([1, true]);
  expect(out).toContain(said);
});
