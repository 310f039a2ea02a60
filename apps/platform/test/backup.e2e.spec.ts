import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { issueToken, openTokenKey } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { Client } from './client.js';
import { type DisputeAnswer, Office } from './office.js';
import { Running } from './process.js';

const VILLAGE = '430502001001';
const GRID = `${VILLAGE}001`;
const SECOND = `${VILLAGE}002`;
const MEDIATION = 'fengqiao.localhost/mediation';
const REASON = ['--service', 'mediation', '--reason', 'disk failed on 23 November'];

let folder: string;
const running: Running[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-drill-'));
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.end('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string) => join(folder, name);

function start(program: string, dataDir: string, args: string[] = []): Running {
  const started = Running.start(program, { DATA_DIR: place(dataDir), PORT: '0' }, args);
  running.push(started);
  return started;
}

/** Runs a command to its end; answers its exit code and the lines that it printed. */
async function run(
  command: string,
  dataDir: string,
  ...args: string[]
): Promise<readonly [code: number | null, last: string, lines: readonly string[]]> {
  const started = start(`platform/src/${command}`, dataDir, args);
  const code = await started.exit();
  const lines = started.output().trimEnd().split('\n');
  return [code, lines.at(-1) ?? '', lines];
}

async function startPlatform(dataDir: string) {
  const platform = start('platform/src/main', dataDir);
  const url = await platform.url();
  const area = parseAreaCode('4305')!;
  const bearer = { subject: 'li-1', role: 'supervisor', area, hours: 1 } as const;
  const client = new Client(url, await issueToken(openTokenKey(place(dataDir)), bearer));
  const get = async (path: string) => (await fetch(new URL(path, url))).text();
  return { platform, client, office: new Office(client), get };
}

const refused = (last: RegExp) => [1, expect.stringMatching(last), expect.anything()];

/** The newest note of a log, once it covers an answer's position. */
async function noteOver(position: string, get: (path: string) => Promise<string>): Promise<string> {
  const [service = '', last = ''] = position.split('@');
  for (let tries = 0; tries < 100; tries += 1) {
    const note = await get(`/log/${service}/checkpoint`);
    if (Number(note.split('\n')[1]) > Number(last)) return note;
    await delay(50);
  }
  throw new Error(`${position} was not signed within 5 s`);
}

/** Waits until all four services have answered that the first grid may close, at most 5 s. */
async function untilRetired(client: Client): Promise<void> {
  const query = `{ area(code: "${GRID}") { grid { status } } }`;
  for (let tries = 0; tries < 100; tries += 1) {
    const { area } = await client.data<{ area: { grid: { status: string } } }>(query);
    if (area.grid.status === 'RETIRED') return;
    await delay(50);
  }
  throw new Error('the grid was not retired');
}

describe('the drill of a loss', () => {
  let kept: DisputeAnswer;
  let lostNote: string;

  it('a platform at work is backed up, and what it records then is signed', async () => {
    const { platform, office, get } = await startPlatform('data');
    expect(platform.output()).toMatch(/^mediation: log key fengqiao\.localhost\/mediation\+/m);
    await office.openGrid(GRID, '火车社区一网格');
    kept = await office.report(GRID);
    const backup = run('backup', 'data', '--to', place('copy'), '--keys-to', place('keys'));
    let isDone = false;
    void backup.finally(() => (isDone = true));
    for (let count = 0; !isDone && count < 1000; count += 1) await office.report(GRID);
    const [code, last] = await backup;
    expect([code, last]).toEqual([
      0,
      expect.stringMatching(/^backup: 4 services, \d+ events in .*copy, keys in .*keys$/),
    ]);
    await office.openGrid(SECOND, '火车社区二网格');
    const { position } = await office.done('reportDispute', office.reportInput(SECOND));
    lostNote = await noteOver(position, get);
    expect(await platform.end('SIGTERM')).toBe(0);
  }, 60_000);

  it('put back elsewhere with its keys, everything answers', async () => {
    const args = ['--from', place('copy'), '--keys-from', place('keys')];
    const [code, last] = await run('restore', 'new', ...args);
    expect([code, last]).toEqual([
      0,
      expect.stringMatching(/^restore: 4 services, \d+ events in .*new$/),
    ]);
    const { platform, office } = await startPlatform('new');
    // Names are sealed: they are read with the keys that were put back.
    const { parties } = await office.dispute(kept.id);
    expect(parties.map(({ name }) => name)).toEqual(['张甲', '陈乙']);
    expect((await office.report(GRID)).status).toBe('CONSENT_PENDING');
    expect(await platform.end('SIGTERM')).toBe(0);
    expect(await run('restore', 'new', ...args)).toEqual(refused(/move away what is/));
  }, 60_000);

  it('an older log.db in the place of a newer one answers, and records nothing', async () => {
    for (const tail of ['', '-wal', '-shm']) {
      rmSync(place(`data/mediation/log.db${tail}`), { force: true });
    }
    cpSync(place('copy/mediation/log.db'), place('data/mediation/log.db'));
    const { platform, office, get } = await startPlatform('data');
    expect(platform.output()).toMatch(/^mediation: records nothing: it ends at \d+ events/m);
    expect((await office.dispute(kept.id)).status).toBe('CONSENT_PENDING');
    const { codes, errors } = await office.asked('reportDispute', office.reportInput(GRID));
    expect(codes).toEqual(['LOG_READ_ONLY']);
    const { zh, en } = errors[0]!.extensions.messages;
    expect([zh, en]).toEqual([
      expect.stringMatching(/不能记录.*npm run recover/),
      expect.stringMatching(/records nothing now.*npm run recover/),
    ]);
    // The others go on, and what was signed stays published.
    await office.done('renameGrid', { code: GRID, name: '新名' });
    expect(await get('/log/mediation/checkpoint')).toBe(lostNote);
    expect(await run('recover', 'data', ...REASON)).toEqual(refused(/in use by another/));
    expect(await platform.end('SIGTERM')).toBe(0);
  }, 60_000);

  it('once its loss is declared it goes on under another name, and is heard again', async () => {
    const [code, last, lines] = await run('recover', 'data', ...REASON);
    expect([code, last]).toEqual([
      0,
      expect.stringMatching(
        /^recover: mediation goes on after \d+ events as .*mediation\/epoch-2$/,
      ),
    ]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^grid-registry: hears mediation again from event \d+ on/),
    );
    const { platform, client, office, get } = await startPlatform('data');
    const { logs } = JSON.parse(await get('/log/')) as { logs: object[] };
    const own = { name: `${MEDIATION}/epoch-2`, path: '/log/mediation/epoch-2/' };
    expect(logs).toContainEqual(expect.objectContaining(own));
    expect((await office.dispute(kept.id)).status).toBe('CONSENT_PENDING');
    const { dispute, position } = await office.done('reportDispute', office.reportInput(GRID));
    expect(await noteOver(position, get)).toMatch(/^fengqiao\.localhost\/mediation\/epoch-2\n/);
    // The registry hears what mediation answers at positions that it had handled before.
    const closing = { code: GRID, successors: [SECOND], reason: '并入相邻网格' };
    await office.done('retireGrid', closing);
    await untilRetired(client);
    expect((await office.openDisputes(SECOND)).map(({ id }) => id)).toContain(dispute.id);
    expect(await platform.end('SIGTERM')).toBe(0);
  }, 60_000);

  it('what was declared is not declared again, whoever kept a note of it', async () => {
    writeFileSync(place('note'), lostNote);
    const against = ['--against', place('note')];
    expect(await run('recover', 'data', ...REASON)).toEqual(refused(/nothing to recover/));
    expect(await run('recover', 'data', ...REASON, ...against)).toEqual(
      refused(/nothing to recover/),
    );
  }, 30_000);
});

describe('a command that is refused says what to do in one line', () => {
  it.each([
    ['backup', ['--to', 'a', '--all'], /^backup: Unknown option '--all'.* Usage: npm run backup/],
    ['backup', ['--to', '/tmp'], /^backup: DATA_DIR .* holds no log: there is nothing to back up$/],
    ['restore', ['--from', '/dev'], /^restore: \/dev\/manifest\.json is missing: name a folder/],
    ['recover', ['--service', 'mediation', '--reason', ' '], /^recover: --reason must say why/],
    ['recover', REASON, /^recover: --service must be one that has a log/],
  ])(
    '%s %j',
    async (command, args, told) => {
      const [code, , lines] = await run(command, 'empty', ...args);
      expect([code, lines]).toEqual([1, [expect.stringMatching(told)]]);
      expect(existsSync(place('empty/mediation'))).toBe(false);
    },
    20_000,
  );
});
