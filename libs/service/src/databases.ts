import { connectMongo, type Mongo } from '#libs/mongo';

/** 数据库: the servers that a process keeps its services' stores on; absent, they lie in files. */
export interface Databases {
  readonly mongo: Mongo;
  /** Where the keys of persons are: mostly the same server, and always a database of their own. */
  readonly keys: Mongo;
  close(): Promise<void>;
}

/** What the settings say of them. */
export interface DatabaseSettings {
  readonly databaseUrl: string | undefined;
  readonly keysDatabaseUrl: string | undefined;
}

/**
 * Connects to the databases that the settings name; undefined when they name none.
 *
 * @throws MongoUnreachable
 */
export async function openDatabases({
  databaseUrl,
  keysDatabaseUrl,
}: DatabaseSettings): Promise<Databases | undefined> {
  if (databaseUrl === undefined) return undefined;
  const mongo = await connectMongo(databaseUrl);
  if (keysDatabaseUrl === undefined) return { mongo, keys: mongo, close: () => mongo.close() };
  try {
    const keys = await connectMongo(keysDatabaseUrl);
    return {
      mongo,
      keys,
      close: async () => {
        await Promise.all([mongo.close(), keys.close()]);
      },
    };
  } catch (error) {
    await mongo.close();
    throw error;
  }
}
