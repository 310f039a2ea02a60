import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { ferretdbBinary } from './ferretdb-binary.ts';
import { LeftOut } from './left-out.ts';

/** A server that speaks the protocol of MongoDB, on the loopback address alone. */
export interface MongodbServer {
  readonly kind: 'mongod' | 'ferretdb';
  /** With a database name and what its kind needs behind it. */
  readonly url: string;
  readonly pid: number;
  /** Ends it in good order; kills it when that takes too long. */
  stop(): Promise<void>;
  /** Sends it a signal, and waits for its end when it is one that ends. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface MongodbOptions {
  /** Where its data is; made when it is not there. */
  readonly dir: string;
  /** A free one unless given: a server that comes back has to be found where it was. */
  readonly port?: number;
}

const START_MS = 30_000;
const STOP_MS = 10_000;
const ASK_AGAIN_MS = 50;
const REPLICA_SET = 'fengqiao';
const DATABASE = 'fengqiao';
/** MB; a server for trying things needs to look back no further. */
const OPLOG_MB = '128';

/**
 * Starts `mongod` as a replica set of one, where `MONGOD` names it or the PATH has it; else
 * FerretDB on SQLite files.
 *
 * @throws LeftOut when this machine has neither
 */
export async function startMongodb({ dir, port }: MongodbOptions): Promise<MongodbServer> {
  const mongod = mongodPath();
  const program = mongod ?? (await ferretdbBinary());
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const at = port ?? (await freePort());
  const kind = mongod === undefined ? 'ferretdb' : 'mongod';
  const log = openSync(join(dir, `${kind}.log`), 'a');
  const args = kind === 'mongod' ? mongodArgs(dir, at) : ferretdbArgs(dir, at);
  const child = spawn(program, args, { cwd: dir, stdio: ['ignore', log, log] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const address = `mongodb://127.0.0.1:${at}`;
  try {
    await answers(
      child,
      `${address}/?directConnection=true`,
      kind === 'mongod' ? `127.0.0.1:${at}` : undefined,
    );
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
  const url = `${address}/${DATABASE}${kind === 'mongod' ? `?replicaSet=${REPLICA_SET}` : ''}`;
  return { kind, url, pid: child.pid ?? 0, ...ending(child, ended) };
}

function ending(child: ChildProcess, ended: Promise<void>) {
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return {
    stop: async (): Promise<void> => {
      if (isOver()) return;
      child.kill('SIGTERM');
      const late = new AbortController();
      const patience = sleep(STOP_MS, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([ended, patience]);
      late.abort();
      if (!isOver()) child.kill('SIGKILL');
      await ended;
    },
    kill: async (signal: NodeJS.Signals): Promise<void> => {
      if (isOver()) return;
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await ended;
    },
  };
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

/** Waits until it takes writes. */
async function answers(
  child: ChildProcess,
  url: string,
  member: string | undefined,
): Promise<void> {
  let fault: unknown = new Error('it did not answer');
  for (const untilMs = Date.now() + START_MS; Date.now() < untilMs;) {
    if (child.exitCode !== null || child.pid === undefined) {
      throw new LeftOut(`MongoDB: the server ended at once with ${child.exitCode}; see its log`);
    }
    try {
      if (await takesWrites(url, member)) return;
    } catch (error) {
      fault = error;
    }
    await sleep(ASK_AGAIN_MS);
  }
  throw new LeftOut(`MongoDB: the server did not start within ${START_MS / 1000} s`, {
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}
