import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile, MongoLogFile } from '#libs/event-log';
import { databaseNames, type Mongo, ServerLease } from '#libs/mongo';
import { keysInDatabase, keysInFolder, putKeysInDatabase, putKeysInFolder } from '#libs/privacy';
import { SystemClock } from '#libs/scheduler';
import { logToDatabase } from './log-to-database.js';
import { type CopiedLog, hasLog, logToFolder } from './log-to-folder.js';
import { CopyRefused } from './refused.js';

/** Both ends of a move: a data folder, and the databases of an installation. */
export interface Move {
  readonly dataDir: string;
  readonly mongo: Mongo;
  /** The server of the keys, mostly the same. */
  readonly keys: Mongo;
}

export interface MovedLog extends CopiedLog {
  readonly service: string;
  readonly subjects: number;
}

/**
 * Copies the log, the notes and the keys of each service in a data folder into MongoDB. Views and
 * what consumers have heard are made anew there.
 *
 * @throws CopyRefused when the target holds anything already
 * @throws DataDirInUse when a service runs; then nothing was copied
 */
export async function moveToDatabase(move: Move): Promise<readonly MovedLog[]> {
  const services = servicesIn(move.dataDir);
  if (services.length === 0) throw new CopyRefused(`${move.dataDir} holds no log`);
  const unlocks: (() => void)[] = [];
  try {
    // All of them first: who finds a service running has copied nothing yet.
    for (const service of services) unlocks.push(lockFile(join(move.dataDir, service, 'lock.db')));
    const moved: MovedLog[] = [];
    for (const service of services) moved.push(await serviceToDatabase(move, service));
    return moved;
  } finally {
    for (const unlock of unlocks) unlock();
  }
}

async function serviceToDatabase(move: Move, service: string): Promise<MovedLog> {
  const dir = join(move.dataDir, service);
  const names = databaseNames(move, service);
  const target = move.keys.database(names.keys);
  if ((await keysInDatabase(target)) !== undefined) {
    throw new CopyRefused(`${names.keys} holds keys already: name an empty target`);
  }
  // The keys first: no event may be where nobody could read it.
  const kept = keysInFolder(dir);
  const log = await withEmptyLog(move.mongo, names.log, async () => {
    if (kept !== undefined) await putKeysInDatabase(target, kept);
    return logToDatabase(dir, move.mongo, { names, service });
  });
  return { service, ...log, subjects: kept?.subjects.length ?? 0 };
}

/**
 * Copies them back into a folder.
 *
 * @param signingFrom the folder that has the keys which sign, if they are to come along
 */
export async function moveToFolder(
  move: Move,
  services: readonly string[],
  signingFrom?: string,
): Promise<readonly MovedLog[]> {
  if (existsSync(move.dataDir) && readdirSync(move.dataDir).length > 0) {
    throw new CopyRefused(`${move.dataDir} is not empty: name a new folder`);
  }
  const moved: MovedLog[] = [];
  for (const service of services) {
    const names = databaseNames(move, service);
    if (!(await hasLog(move.mongo, names))) continue;
    const log = await whileNobodyRuns(move.mongo, names.views, async () => {
      const dir = join(move.dataDir, service);
      const copied = await logToFolder(move.mongo, names, dir);
      const kept = await keysInDatabase(move.keys.database(names.keys));
      if (kept !== undefined) putKeysInFolder(dir, kept);
      if (signingFrom !== undefined) copySigningKey(join(signingFrom, service), dir);
      return { service, ...copied, subjects: kept?.subjects.length ?? 0 };
    });
    moved.push(log);
  }
  if (moved.length === 0) throw new CopyRefused(`${move.mongo.base} holds no log`);
  return moved;
}

function servicesIn(dataDir: string): readonly string[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(dataDir)
    .filter((name) => existsSync(join(dataDir, name, 'log.db')))
    .sort();
}

async function withEmptyLog<Done>(
  mongo: Mongo,
  database: string,
  work: () => Promise<Done>,
): Promise<Done> {
  if ((await new MongoLogFile(mongo.database(database)).newest()) !== undefined) {
    throw new CopyRefused(`${database} holds a log already: name an empty target`);
  }
  return work();
}

/** As a service would: whoever holds its lease is the only one. */
async function whileNobodyRuns<Done>(
  mongo: Mongo,
  database: string,
  work: () => Promise<Done>,
): Promise<Done> {
  const options = { name: 'service', scheduler: new SystemClock() };
  const lease = new ServerLease(mongo, mongo.database(database), options);
  try {
    if (await lease.tryToHold()) return await work();
    throw new CopyRefused(`${database} is in use by a running service: stop that first`);
  } finally {
    await lease.release();
  }
}

function copySigningKey(from: string, to: string): void {
  const path = join(from, 'signing.key');
  mkdirSync(to, { recursive: true, mode: 0o700 });
  if (existsSync(path)) copyFileSync(path, join(to, 'signing.key'));
}
