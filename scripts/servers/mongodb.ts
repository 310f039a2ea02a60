import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { ferretdbBinary } from './ferretdb-binary.ts';
import { LeftOut } from './left-out.ts';
import { freePorts, isRunning, launch, type Server, serverOf } from './server.ts';

/** A server that speaks the protocol of MongoDB, on the loopback address alone. */
export interface MongodbServer extends Omit<Server, 'kill'> {
  readonly kind: 'mongod' | 'ferretdb';
  /** Sends it a signal, and waits for its end when it is one that ends. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface MongodbOptions {
  /** Where its data is; made when it is not there. */
  readonly dir: string;
}

const START_MS = 30_000;
const END_MS = 10_000;
const ASK_AGAIN_MS = 50;
const REPLICA_SET = 'fengqiao';
const DATABASE = 'fengqiao';
/** MB; a server for trying things needs to look back no further. */
const OPLOG_MB = '128';

/**
 * Starts `mongod` as a replica set of one, where `MONGOD` names it or the PATH has it; else
 * FerretDB on SQLite files. It has the port that it had when it was started there before: a server
 * that comes back has to be found where it was. It outlives whoever starts it.
 *
 * @throws LeftOut when this machine has neither
 */
export async function startMongodb({ dir }: MongodbOptions): Promise<MongodbServer> {
  const mongod = mongodPath();
  const program = mongod ?? (await ferretdbBinary());
  const kind = mongod === undefined ? 'ferretdb' : 'mongod';
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const port = await portIn(dir);
  const args = kind === 'mongod' ? mongodArgs(dir, port) : ferretdbArgs(dir, port);
  const pid = await launch({ dir, name: kind }, program, args);
  const url = `mongodb://127.0.0.1:${port}/${DATABASE}${
    kind === 'mongod' ? `?replicaSet=${REPLICA_SET}` : ''
  }`;
  const server = mongodbAt(url, pid);
  try {
    await answers(port, { kind, isAlive: () => isRunning(pid, kind) });
  } catch (error) {
    await server.kill('SIGKILL');
    throw error;
  }
  return server;
}

/** One that was started before. */
export function mongodbAt(url: string, pid: number): MongodbServer {
  const kind = url.includes('replicaSet=') ? 'mongod' : 'ferretdb';
  const server = serverOf(url, pid, kind);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    server.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
    const end = performance.now() + END_MS;
    while (isRunning(pid, kind) && performance.now() < end) await sleep(ASK_AGAIN_MS);
  };
  return { ...server, kind, kill };
}

async function portIn(dir: string): Promise<number> {
  const file = join(dir, 'port');
  if (existsSync(file)) return Number(readFileSync(file, 'utf8'));
  const [port = 0] = await freePorts(1);
  writeFileSync(file, String(port));
  return port;
}

function mongodPath(): string | undefined {
  const named = process.env['MONGOD'];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new LeftOut(`MONGOD names ${named}, which is no program`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'mongod')).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function mongodArgs(dir: string, port: number): readonly string[] {
  const address = ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', dir];
  return [...address, '--replSet', REPLICA_SET, '--oplogSize', OPLOG_MB, '--nounixsocket'];
}

function ferretdbArgs(dir: string, port: number): readonly string[] {
  return ['-listen', `127.0.0.1:${port}`, '-dir', dir];
}

interface Starting {
  readonly kind: MongodbServer['kind'];
  readonly isAlive: () => boolean;
}

/** Waits until it takes writes. */
async function answers(port: number, { kind, isAlive }: Starting): Promise<void> {
  const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  const member = kind === 'mongod' ? `127.0.0.1:${port}` : undefined;
  let fault: unknown = new Error('it did not answer');
  for (const untilMs = Date.now() + START_MS; Date.now() < untilMs;) {
    if (!isAlive()) throw new LeftOut(`MongoDB: ${kind} ended at once; see its log`);
    try {
      if (await takesWrites(url, member)) return;
    } catch (error) {
      fault = error;
    }
    await sleep(ASK_AGAIN_MS);
  }
  throw new LeftOut(`MongoDB: ${kind} did not start within ${START_MS / 1000} s`, {
    cause: fault,
  });
}

async function takesWrites(url: string, member: string | undefined): Promise<boolean> {
  const connection = mongoose.createConnection(url, { serverSelectionTimeoutMS: 500 });
  try {
    await connection.asPromise();
    const admin = connection.getClient().db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true) return true;
    if (member !== undefined && hello['setName'] === undefined) {
      const members = [{ _id: 0, host: member }];
      await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
    }
    return false;
  } finally {
    await connection.close();
  }
}
