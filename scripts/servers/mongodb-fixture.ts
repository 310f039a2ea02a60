import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMongo, type Mongo } from '#libs/mongo';
import { leaveOut } from './left-out.ts';
import { type MongodbServer, startMongodb } from './mongodb.ts';

/** A server of MongoDB for one file of tests, with a connection and names that are used once. */
export interface MongoFixture {
  readonly server: MongodbServer;
  readonly mongo: Mongo;
  /** The name of a database that is not there yet. */
  newDatabase(): string;
  close(): Promise<void>;
}

/** Undefined when this machine cannot have one, which was said then. */
export async function mongoFixture(): Promise<MongoFixture | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'fengqiao-mongodb-'));
  try {
    const server = await startMongodb({ dir });
    const mongo = await connectMongo(server.url);
    let made = 0;
    return {
      server,
      mongo,
      newDatabase: () => `test-${process.pid}-${(made += 1)}`,
      close: async () => {
        await mongo.close();
        await server.stop();
        rmSync(dir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    leaveOut(error);
    return undefined;
  }
}
