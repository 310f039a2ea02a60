import type { Connection, mongo } from 'mongoose';

/** A collection of documents; what is read of it is not believed before it is looked at. */
export type MongoCollection<Document extends mongo.Document> = mongo.Collection<Document>;
export type MongoDatabase = mongo.Db;

/** The database cannot be reached, or did not answer in time. */
export class MongoUnreachable extends Error {
  readonly code = 'DATABASE_UNREACHABLE';
}

/** 数据库连接: one server or replica set of MongoDB, and databases in it. */
export interface Mongo {
  /** The database that the address names, in front of the names of all that are used. */
  readonly base: string;
  database(name: string): MongoDatabase;
  /** The server's clock: several processes must not go by their own. */
  serverTimeMs(): Promise<number>;
  close(): Promise<void>;
}

/** While a primary is elected anew, nobody answers; longer than that is an outage. */
const SELECTION_MS = 5_000;
/** A server that holds the connection and says nothing is given up. */
const SILENCE_MS = 20_000;
const CONNECTIONS_MAX = 32;
const DEFAULT_BASE = 'fengqiao';

/** What was acknowledged is on the disks of a majority, and what is read will not be taken back. */
const DURABLE = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
} as const;

/**
 * Connects through mongoose, which is loaded here and nowhere else: a process on SQLite never pays
 * for it. Whatever the address says of write and read concern, `DURABLE` holds.
 *
 * @throws MongoUnreachable
 */
export async function connectMongo(url: string): Promise<Mongo> {
  const mongoose = await import('mongoose');
  const connection = mongoose.createConnection(url, {
    ...DURABLE,
    retryWrites: true,
    retryReads: true,
    appName: 'fengqiao',
    serverSelectionTimeoutMS: SELECTION_MS,
    socketTimeoutMS: SILENCE_MS,
    maxPoolSize: CONNECTIONS_MAX,
    promoteBuffers: true,
    autoCreate: false,
    autoIndex: false,
    bufferCommands: false,
  });
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw new MongoUnreachable(`${withoutPassword(url)}: ${messageOf(error)}`, { cause: error });
  }
  return new Connected(connection, baseOf(url));
}

class Connected implements Mongo {
  constructor(
    private readonly connection: Connection,
    readonly base: string,
  ) {}

  database(name: string): MongoDatabase {
    return this.connection.getClient().db(name);
  }

  async serverTimeMs(): Promise<number> {
    const { localTime } = await this.database('admin').command({ hello: 1 });
    if (localTime instanceof Date) return localTime.getTime();
    throw new MongoUnreachable('the server does not tell its time');
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** The path of the address; a database whose name would not be taken is refused by the server. */
function baseOf(url: string): string {
  const [, path = ''] = /^mongodb(?:\+srv)?:\/\/[^/]*(?:\/([^?]*))?/.exec(url) ?? [];
  return path === '' ? DEFAULT_BASE : decodeURIComponent(path);
}

/**
 * An address of any kind as it may be shown: passwords are nobody's to read in a log. Up to the last
 * `@`, since one that should have been encoded may hold every other sign.
 */
export function withoutPassword(url: string): string {
  return url
    .replace(/^((?:[a-z][a-z+]*:\/\/)?[^:@/]*):.*@/is, '$1:***@')
    .replace(/((?:password|authMechanismProperties)=)[^&]*/gi, '$1***');
}

export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join();
}
