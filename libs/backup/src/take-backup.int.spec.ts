import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { openTokenKey } from '#libs/access';
import { LogDamaged, openLogFile } from '#libs/event-log';
import { openSqliteKeys, Sealing } from '#libs/privacy';
import { SystemClock } from '#libs/scheduler';
import { openSignIn } from '#libs/sign-in';
import { openCheckpoint, parseVerifierKey } from '#libs/transparency';
import { append, House } from '../test/house.js';
import { BackupRefused, putBack, takeBackup } from './index.js';

const SUBJECT = '019570c0-0000-7000-8000-000000000001';

let house: House;
let to: string;
let keysTo: string;

beforeEach(() => {
  house = new House();
  to = join(house.folder, 'copy');
  keysTo = join(house.folder, 'keys');
});
afterEach(() => house.remove());

const take = (options: { to?: string; keysTo?: string } = {}) =>
  takeBackup({
    dataDir: house.dataDir,
    to,
    tool: 'fengqiao 0.0.0',
    now: () => '2026-03-01T02:03:04.005Z',
    tell: () => undefined,
    ...options,
  });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function headIn(service: string): number {
  const file = openLogFile(join(to, service, 'log.db'), { readOnly: true });
  const head = file.head();
  file.close();
  return head;
}

describe('a backup of services at work', () => {
  it('is of one moment: no copy has the effect of an event that another copy lacks', async () => {
    const [door, hall] = [house.open('door'), house.open('house')];
    // Enough pages that copying takes turns with writing.
    await append(door, ...Array.from({ length: 3000 }, (_, n) => ({ type: 'Opened', n })));
    let isDone = false;
    const work = async (): Promise<void> => {
      for (let n = 0; !isDone && n < 100_000; n += 1) {
        await append(door, { type: 'Opened', n });
        await append(hall, { type: 'Heard', door: (await door.log.head()) - 1 });
        if (n % 20 === 0) await Promise.all([door.sign(), hall.sign()]);
        await setImmediate();
      }
    };
    const working = work();
    const { services } = await take();
    isDone = true;
    await working;
    await Promise.all([door.close(), hall.close()]);
    const heard = headIn('house');
    expect(heard).toBeGreaterThan(0);
    // The hall has heard of one door in each of its events, the newest of them being the last.
    expect(headIn('door') - 3000).toBeGreaterThanOrEqual(heard);
    expect(headIn('door') - 3000).toBeLessThanOrEqual(heard + 1);
    for (const { service, log } of services) {
      expect(log?.size).toBe(headIn(service));
      expect(log?.signedSize).toBeLessThanOrEqual(log?.size ?? -1);
    }
  }, 30_000);

  it('has what each has recorded, signed and heard, and says so last', async () => {
    await house.run('door', 5);
    await house.run('house', 2);
    house.handled('house', 'door', 4);
    const manifest = await take();
    expect(
      manifest.services.map(({ service, log }) => [service, log?.size, log?.signedSize]),
    ).toEqual([
      ['door', 5, 5],
      ['house', 2, 2],
    ]);
    expect(JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8'))).toEqual(manifest);
    const [{ log, files }] = manifest.services as [(typeof manifest.services)[0]];
    const vkey = readFileSync(join(to, 'door', 'vkey'), 'utf8').trim();
    expect(openCheckpoint(log?.note ?? '', [parseVerifierKey(vkey)]).size).toBe(5);
    expect(files.map(({ name }) => name)).toEqual(['log.db', 'checkpoints.db', 'vkey']);
    expect(readdirSync(join(to, 'house')).sort()).toEqual([
      'checkpoints.db',
      'consumer.db',
      'log.db',
      'vkey',
    ]);
    expect([modeOf(to), modeOf(join(to, 'door')), modeOf(join(to, 'door', 'log.db'))]).toEqual([
      '700',
      '700',
      '600',
    ]);
  });

  it('a log without events, and one without checkpoints of its own, are backed up as they are', async () => {
    await house.open('door').close();
    const { services } = await take();
    expect(services).toMatchObject([{ log: { size: 0, note: null, signedSize: 0 } }]);
  });
});

describe('keys lie apart', () => {
  it('and are not copied unless a place is named for them', async () => {
    await house.seal('door', SUBJECT);
    await take();
    const all = readdirSync(to, { recursive: true, encoding: 'utf8' });
    expect(all.filter((path) => /key/.test(path))).toEqual(['door/vkey']);
    const bytes = readFileSync(join(house.dir('door'), 'signing.key'), 'utf8').slice(40, 90);
    for (const path of ['door/log.db', 'door/checkpoints.db', 'manifest.json']) {
      expect(readFileSync(join(to, path), 'latin1')).not.toContain(bytes);
    }
  });

  it('for their owner only, and they open what the log has sealed', async () => {
    await house.seal('door', SUBJECT);
    await take({ keysTo });
    expect(readdirSync(keysTo).sort()).toEqual(['door', 'manifest.json']);
    const dir = join(keysTo, 'door');
    expect(readdirSync(dir).sort()).toEqual(['keys.db', 'signing.key']);
    const modes = [keysTo, dir, join(dir, 'keys.db'), join(dir, 'signing.key')].map(modeOf);
    expect(modes).toEqual(['700', '700', '600', '600']);
    const keys = openSqliteKeys(dir);
    const sealed = new Sealing(keys).seal(SUBJECT, {});
    const own = openSqliteKeys(house.dir('door'));
    expect(new Sealing(own).open(sealed)).toEqual({});
    keys.close();
    own.close();
  });
});

describe('a backup is refused', () => {
  beforeEach(() => house.run('door', 3));

  it.each([
    ['into a folder that is not empty', () => ({ to: house.folder }), /--to .* is not empty/],
    ['into the data folder', () => ({ to: join(house.dataDir, 'copy') }), /lost with it/],
    ['with its keys in it', () => ({ keysTo: join(to, 'keys') }), /must lie apart/],
    ['with its keys in one place', () => ({ keysTo: to }), /must lie apart/],
    ['in the folder of its keys', () => ({ keysTo: house.folder }), /must lie apart/],
    ['where no folder can be made', () => ({ to: '/dev/null/copy' }), /--to .* cannot be made/],
  ])('%s', async (_, options, told) => {
    const before = readdirSync(house.folder);
    await expect(take(options())).rejects.toThrow(told);
    await expect(take(options())).rejects.toThrow(BackupRefused);
    expect(readdirSync(house.folder)).toEqual(before);
  });

  it('of a folder without a log', async () => {
    mkdirSync(join(house.folder, 'empty'));
    writeFileSync(join(house.folder, 'empty', 'token-key.pem'), '');
    const options = { dataDir: join(house.folder, 'empty') };
    await expect(take(options as object)).rejects.toThrow(/holds no log/);
  });

  it('of a log that has lost what it signed: that is to be declared first', async () => {
    const putBack = house.saved('door', 'older');
    await house.run('door', 2);
    putBack('log.db');
    await expect(take()).rejects.toThrow(/^door has signed 5 events and holds 3: npm run recover/);
    expect(existsSync(join(to, 'manifest.json'))).toBe(false);
  });

  it.each([
    [
      'an entry',
      'UPDATE event SET entry = (SELECT entry FROM event WHERE position = 1) WHERE position = 2',
    ],
    ['a missing entry', 'DELETE FROM event WHERE position = 1'],
    ['an entry less', 'DELETE FROM event WHERE position = 2'],
  ])('of a log whose file was changed: %s', async (_, sql) => {
    const db = new DatabaseSync(join(house.dir('door'), 'log.db'));
    db.exec('DROP TRIGGER event_kept; DROP TRIGGER event_unaltered;');
    db.exec(sql);
    db.close();
    const refused = await take().catch((error: unknown) => error);
    expect([LogDamaged, BackupRefused]).toContain((refused as Error).constructor);
    expect(existsSync(join(to, 'manifest.json'))).toBe(false);
  });
});

describe('the accounts', () => {
  const terms = { idleMs: 3_600_000, wholeMs: 3_600_000 };
  const open = (dataDir: string) =>
    openSignIn({ dataDir, key: openTokenKey(dataDir), clock: new SystemClock(), terms });

  it('lie with the keys, for their owner alone, and are put back without their sessions', async () => {
    await house.run('door', 3);
    const before = open(house.dataDir);
    const { account } = await before.accounts.add('li', Date.now());
    const session = before.desk.begin(account.id);
    await take({ keysTo });
    before.close();
    expect(existsSync(join(to, 'accounts.db'))).toBe(false);
    expect(modeOf(join(keysTo, 'accounts.db'))).toBe('600');
    expect(readdirSync(keysTo).sort()).toEqual(['accounts.db', 'door', 'manifest.json']);
    const again = join(house.folder, 'again');
    await putBack({ from: to, keysFrom: keysTo, dataDir: again, tell: () => undefined });
    const after = open(again);
    expect(after.accounts.list()).toMatchObject([{ id: account.id, name: 'li' }]);
    expect(after.desk.sessions.isOpen(session.id, Date.now())).toBe(false);
    after.close();
  });

  it('are not put back over others, nor when they are not as they were backed up', async () => {
    await house.run('door', 3);
    open(house.dataDir).close();
    await take({ keysTo });
    const options = { from: to, keysFrom: keysTo, tell: (line: string) => void told.push(line) };
    const told: string[] = [];
    const again = join(house.folder, 'again');
    mkdirSync(again);
    writeFileSync(join(again, 'accounts.db'), 'others');
    await putBack({ ...options, dataDir: again });
    expect(readFileSync(join(again, 'accounts.db'), 'utf8')).toBe('others');
    expect(told.at(-1)).toContain('is there and stays');
    writeFileSync(join(keysTo, 'accounts.db'), 'forged');
    const third = join(house.folder, 'third');
    await expect(putBack({ ...options, dataDir: third })).rejects.toThrow(
      'not as it was backed up',
    );
  });
});
