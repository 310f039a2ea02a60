import { copyFileSync, chmodSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastSigned, openSignedCheckpoints } from '#libs/event-log';
import { ACCOUNT_FILE, forgetSessions } from '#libs/sign-in';
import { hashToBase64 } from '#libs/transparency';
import { checkedLog } from './checked-log.js';
import { copyDatabase, openSnapshots } from './copy-database.js';
import { liesIn, makeEmptyFolder, servicesIn } from './folders.js';
import {
  describeFiles,
  type FileManifest,
  type Manifest,
  type ServiceManifest,
  writeManifest,
} from './manifest.js';
import { BackupRefused } from './refused.js';

export interface BackupOptions {
  readonly dataDir: string;
  readonly to: string;
  /** Where the keys go; without it they are not copied. */
  readonly keysTo?: string | undefined;
  /** What makes the backup, with its version. */
  readonly tool: string;
  /** RFC 3339. */
  readonly now: () => string;
  /** Hears what is being done, a line at a time. */
  readonly tell: (line: string) => void;
}

/**
 * Copies the logs of all services as they were at one moment, while they go on, and what each has
 * signed and heard by then; with `keysTo` the keys as well, elsewhere. Views and indexes are not
 * copied: they are made from the log. What it answers it has checked on the copy.
 *
 * @throws BackupRefused, LogDamaged; the manifest is missing then, and the folder is no backup
 */
export async function takeBackup(options: BackupOptions): Promise<Manifest> {
  const { dataDir, to, keysTo, tool, now, tell } = options;
  const services = servicesIn(dataDir);
  mustBeApart(options, services);
  makeEmptyFolder(to, '--to');
  if (keysTo !== undefined) makeEmptyFolder(keysTo, '--keys-to');
  const at = now();
  await copyStores(dataDir, to, services);
  if (keysTo !== undefined) {
    const kept = await copyKeys(dataDir, keysTo, services);
    writeManifest(keysTo, { tool, at, services: kept, files: await copyAccounts(dataDir, keysTo) });
  }
  const copied = services.map((service) => {
    const described = describeCopy(to, service);
    tell(`${service}: ${told(described)}`);
    return described;
  });
  writeManifest(to, { tool, at, services: copied });
  return { format: 1, tool, at, services: copied };
}

function mustBeApart({ dataDir, to, keysTo }: BackupOptions, services: readonly string[]): void {
  if (services.length === 0) {
    throw new BackupRefused(`DATA_DIR ${dataDir} holds no log: there is nothing to back up`);
  }
  const isInside = [to, keysTo ?? to].some((path) => liesIn(path, dataDir));
  if (isInside)
    throw new BackupRefused(
      `a backup in DATA_DIR ${dataDir} is lost with it: name a folder elsewhere`,
    );
  if (keysTo !== undefined && (liesIn(keysTo, to) || liesIn(to, keysTo))) {
    throw new BackupRefused(
      '--keys-to must lie apart from --to: keys beside the data protect nothing',
    );
  }
}

/**
 * What tells of a log is copied before the log: whatever it says was signed or heard is then in the
 * copy of the log as well. The logs are taken at one moment, so that no copy has the effect of an
 * event that another one lacks.
 */
async function copyStores(dataDir: string, to: string, services: readonly string[]): Promise<void> {
  for (const service of services) {
    mkdirSync(join(to, service), { mode: 0o700 });
    for (const name of ['checkpoints.db', 'consumer.db']) {
      const source = join(dataDir, service, name);
      if (existsSync(source)) await copyDatabase(source, join(to, service, name));
    }
  }
  const logs = openSnapshots(services.map((service) => join(dataDir, service, 'log.db')));
  try {
    for (const [index, service] of services.entries()) {
      await logs[index]?.copyTo(join(to, service, 'log.db'));
    }
  } finally {
    for (const log of logs) log.close();
  }
}

/** After the logs: a key is on disk before what it seals, so that none is missing for the copies. */
async function copyKeys(
  dataDir: string,
  keysTo: string,
  services: readonly string[],
): Promise<readonly ServiceManifest[]> {
  const kept: ServiceManifest[] = [];
  for (const service of services) {
    const [from, dir] = [join(dataDir, service), join(keysTo, service)];
    mkdirSync(dir, { mode: 0o700 });
    if (existsSync(join(from, 'keys.db'))) {
      await copyDatabase(join(from, 'keys.db'), join(dir, 'keys.db'));
    }
    if (existsSync(join(from, 'signing.key'))) {
      copyFileSync(join(from, 'signing.key'), join(dir, 'signing.key'), constants.COPYFILE_EXCL);
      chmodSync(join(dir, 'signing.key'), 0o600);
    }
    kept.push({ service, files: describeFiles(dir, ['signing.key', 'keys.db']) });
  }
  return kept;
}

/** Without the sessions: none of them may come back to life with the copy. */
async function copyAccounts(dataDir: string, keysTo: string): Promise<readonly FileManifest[]> {
  const source = join(dataDir, ACCOUNT_FILE);
  if (!existsSync(source)) return [];
  const copy = join(keysTo, ACCOUNT_FILE);
  await copyDatabase(source, copy);
  forgetSessions(copy);
  return describeFiles(keysTo, [ACCOUNT_FILE]);
}

/** Reads the copy as somebody would who has nothing else. */
function describeCopy(to: string, service: string): ServiceManifest {
  const dir = join(to, service);
  const checkpoints = openSignedCheckpoints(dir, { readOnly: true });
  try {
    const signed = lastSigned(checkpoints);
    const epoch = checkpoints.epochs().at(-1);
    const { size, root } = checkedLog(dir, signed === undefined ? [] : [signed]);
    if (signed !== undefined && size < signed.size) {
      throw new BackupRefused(
        `${service} has signed ${signed.size} events and holds ${size}: npm run recover comes first`,
      );
    }
    writeFileSync(join(dir, 'vkey'), `${epoch?.vkey ?? ''}\n`, { mode: 0o600, flag: 'wx' });
    const log = {
      origin: epoch?.origin ?? service,
      size,
      root: hashToBase64(root),
      note: signed?.note ?? null,
      signedSize: signed?.size ?? 0,
    };
    const names = ['log.db', 'checkpoints.db', 'consumer.db', 'vkey'] as const;
    return { service, log, files: describeFiles(dir, names) };
  } finally {
    checkpoints.close();
  }
}

function told({ log, files }: ServiceManifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const signed = `${log?.size ?? 0} events, ${log?.signedSize ?? 0} of them signed`;
  return `${signed}, ${Math.ceil(bytes / 1024)} KB; read back and found whole`;
}
