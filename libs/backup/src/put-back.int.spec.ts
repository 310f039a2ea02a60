import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirInUse, LogDamaged } from '#libs/event-log';
import { append, House } from '../test/house.js';
import { BackupRefused, putBack, takeBackup } from './index.js';

let house: House;
let from: string;
let keysFrom: string;
/** The folder that the backup is put back into. */
let target: string;
let told: string[];

/** A house of two services with a backup of it, keys apart. */
beforeEach(async () => {
  house = new House();
  from = join(house.folder, 'copy');
  keysFrom = join(house.folder, 'keys');
  target = join(house.folder, 'new');
  told = [];
  await house.run('door', 5);
  await house.run('house', 2);
  house.handled('house', 'door', 4);
  await takeBackup({
    dataDir: house.dataDir,
    to: from,
    keysTo: keysFrom,
    tool: 'fengqiao 0.0.0',
    now: () => '2026-03-01T02:03:04.005Z',
    tell: () => undefined,
  });
});
afterEach(() => house.remove());

const put = (options: { keysFrom?: string; service?: string; dataDir?: string } = {}) =>
  putBack({ from, dataDir: target, tell: (line) => told.push(line), ...options });
const manifestOf = (dir: string) => join(dir, 'manifest.json');

function rewriteManifest(change: (text: string) => string): void {
  writeFileSync(manifestOf(from), change(readFileSync(manifestOf(from), 'utf8')));
}

describe('put back into an empty folder', () => {
  it('with its keys, a service goes on where it was', async () => {
    await put({ keysFrom });
    expect(readdirSync(join(target, 'door')).sort()).toEqual([
      'checkpoints.db',
      'keys.db',
      'lock.db',
      'log.db',
      'signing.key',
    ]);
    const door = house.open('door', target);
    expect([door.log.readOnly, await door.log.head()]).toEqual([undefined, 5]);
    await append(door, { type: 'Opened', n: 5 });
    await door.sign();
    expect(door.checkpoint()).toMatch(/^sample\/door\n6\n/);
    await door.close();
    expect(told).toEqual([
      'door: the backup is whole, 5 events',
      'house: the backup is whole, 2 events',
      'door: its views and its index are made anew at the start',
      'house: its views and its index are made anew at the start',
    ]);
    expect(existsSync(join(target, 'house', 'consumer.db'))).toBe(true);
  });

  it('without its keys, it is told that it can neither record nor be read', async () => {
    await put();
    const door = house.open('door', target);
    expect(door.log.readOnly).toMatch(/signing\.key is gone/);
    await door.close();
    expect(told.filter((line) => line.startsWith('door: it has no'))).toEqual([
      'door: it has no signing.key and will record nothing until that is put back',
      'door: it has no keys.db: put that back before the start, or nobody can read personal data',
    ]);
  });

  it('one service alone', async () => {
    await put({ service: 'house' });
    expect(readdirSync(target)).toEqual(['house']);
    await expect(put({ service: 'cellar' })).rejects.toThrow(/has door, house$/);
  });

  it('keys of a later day go with it', async () => {
    rmSync(keysFrom, { recursive: true });
    await house.seal('door', '019570c0-0000-7000-8000-000000000001');
    const options = { tool: 'x', now: () => '2026-03-02T00:00:00.000Z', tell: () => undefined };
    await takeBackup({
      ...options,
      dataDir: house.dataDir,
      to: join(house.folder, 'b'),
      keysTo: keysFrom,
    });
    await put({ keysFrom });
    expect(existsSync(join(target, 'door', 'keys.db'))).toBe(true);
  });
});

describe('a backup that is not whole is refused before anything is written', () => {
  afterEach(() => expect(existsSync(target)).toBe(false));

  it.each(['log.db', 'checkpoints.db', 'consumer.db'])('%s was changed', async (name) => {
    const path = join(from, 'house', name);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(put()).rejects.toThrow(/house\/.* is not as it was backed up/);
  });

  it('a file is missing', async () => {
    rmSync(join(from, 'door', 'log.db'));
    await expect(put()).rejects.toThrow(/log\.db is missing/);
  });

  it('a key was changed', async () => {
    writeFileSync(join(keysFrom, 'door', 'keys.db'), 'x');
    await expect(put({ keysFrom })).rejects.toThrow(/keys\.db is not as it was backed up/);
  });

  it('an event was changed, and the manifest with it', async () => {
    const path = join(from, 'door', 'log.db');
    const before = createHash('sha256').update(readFileSync(path)).digest('hex');
    const db = new DatabaseSync(path);
    db.exec(`DROP TRIGGER event_unaltered;
      UPDATE event SET entry = CAST(replace(entry, '{"n":2}', '{"n":9}') AS BLOB) WHERE position = 2`);
    db.close();
    const after = createHash('sha256').update(readFileSync(path)).digest('hex');
    rewriteManifest((text) => text.replace(before, after));
    expect(after).not.toBe(before);
    await expect(put()).rejects.toThrow(LogDamaged);
  });

  it('it was never finished', async () => {
    rmSync(manifestOf(from));
    await expect(put()).rejects.toThrow(/manifest\.json is missing: name a folder/);
  });

  it.each([
    ['no JSON', () => '{'],
    ['of another format', (text: string) => text.replace('"format": 1', '"format": 2')],
    ['leading elsewhere', (text: string) => text.replace('"house"', '"../house"')],
    ['naming other files', (text: string) => text.replace('"vkey"', '"../vkey"')],
  ])('its manifest is %s', async (_, change) => {
    rewriteManifest(change);
    await expect(put()).rejects.toThrow(BackupRefused);
    await expect(put()).rejects.toThrow(/not what this version writes/);
  });
});

describe('what is there is never overwritten', () => {
  it.each(['log.db', 'views-0.db', 'index.db', 'consumer.db', 'notes.txt'])('%s', async (name) => {
    mkdirSync(join(target, 'house'), { recursive: true });
    writeFileSync(join(target, 'house', name), 'mine');
    await expect(put()).rejects.toThrow(new RegExp(`house has ${name}: move away`));
    expect(readFileSync(join(target, 'house', name), 'utf8')).toBe('mine');
    // Nor is anything of the other service written.
    expect(readdirSync(join(target, 'door'))).toEqual(['lock.db']);
  });

  it('keys that are there are kept, and stand in the way of others', async () => {
    mkdirSync(join(target, 'door'), { recursive: true });
    cpSync(join(house.dir('door'), 'signing.key'), join(target, 'door', 'signing.key'));
    await expect(put({ keysFrom })).rejects.toThrow(/door has signing\.key/);
    await put();
    const door = house.open('door', target);
    expect(door.log.readOnly).toBeUndefined();
    await door.close();
  });

  it('a folder that a process uses', async () => {
    await house.open('door', target).close();
    for (const name of ['log.db', 'index.db']) rmSync(join(target, 'door', name));
    const letGo = house.occupy('door');
    await expect(put({ dataDir: house.dataDir })).rejects.toThrow(DataDirInUse);
    letGo();
  });
});

describe('checkpoints that stayed are kept: they know what was signed after the backup', () => {
  const lose = (...names: readonly string[]) => {
    for (const name of readdirSync(house.dir('door'))) {
      if (!names.includes(name)) rmSync(join(house.dir('door'), name));
    }
  };
  const back = () => put({ dataDir: house.dataDir, service: 'door' });

  it('then the log records nothing until its loss is declared', async () => {
    await house.run('door', 3);
    lose('checkpoints.db', 'signing.key', 'keys.db');
    await back();
    expect(told.at(-1)).toMatch(/^door: it has signed 8 events, .* until npm run recover/);
    const door = house.open('door');
    expect(door.log.readOnly).toMatch(/ends at 5 events, but has signed 8/);
    await door.close();
  });

  it('those that know no more than the backup are as good', async () => {
    lose('checkpoints.db', 'signing.key', 'keys.db');
    await back();
    const door = house.open('door');
    expect([door.log.readOnly, await door.log.head()]).toEqual([undefined, 5]);
    await door.close();
  });

  it('older ones are refused, and those of another log', async () => {
    lose('signing.key');
    const fresh = house.open('door');
    await append(fresh, { type: 'Opened', n: 0 });
    await fresh.sign();
    await fresh.close();
    lose('checkpoints.db');
    await expect(back()).rejects.toThrow(/knows less than that of the backup/);
    cpSync(join(house.dir('house'), 'checkpoints.db'), join(house.dir('door'), 'checkpoints.db'));
    await expect(back()).rejects.toThrow(/is of sample\/house, not of sample\/door/);
  });
});
