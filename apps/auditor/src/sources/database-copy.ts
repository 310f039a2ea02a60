import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMongo, databaseNames, type Mongo, withoutPassword } from '#libs/mongo';
import type { View } from '#libs/views';
import type { CommandIo } from '../command.js';

const ADDRESS = /^mongodb(?:\+srv)?:\/\//;

/**
 * Runs a command on a log in MongoDB: what is stored there is copied byte for byte into files first,
 * hashed or not, right or wrong, and the command works on these as on any data folder.
 */
export async function withCopies(
  args: readonly string[],
  io: Pick<CommandIo, 'err'>,
  run: (args: readonly string[]) => Promise<number>,
): Promise<number> {
  const at = args.findIndex((arg) => ADDRESS.test(arg));
  const url = args[at];
  if (url === undefined) return run(args);
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-audit-'));
  try {
    io.err.write(`copies ${withoutPassword(url)} into files\n`);
    await copyInto(folder, url);
    return await run(args.with(at, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function copyInto(folder: string, url: string): Promise<void> {
  const mongo = await connectMongo(url);
  try {
    // Loaded here: what reads databases and views must not cost those who read files.
    const { auditedServices } = await import('../audited-services.js');
    for (const service of auditedServices) await copyService(mongo, folder, service);
  } finally {
    await mongo.close();
  }
}

async function copyService(
  mongo: Mongo,
  folder: string,
  { name, views }: { readonly name: string; readonly views: readonly View[] },
): Promise<void> {
  const names = databaseNames({ mongo, keys: mongo }, name);
  const { hasLog, logToFolder } = await import('#libs/store-copy');
  if (!(await hasLog(mongo, names))) return;
  const dir = join(folder, name);
  await logToFolder(mongo, names, dir);
  const { copyMongoViews } = await import('#libs/views');
  await copyMongoViews(mongo.database(names.views), dir, views);
}
