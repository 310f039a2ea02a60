import { kafkaAt, startKafka } from './kafka.ts';
import { mongodbAt, type MongodbServer, startMongodb } from './mongodb.ts';
import type { Server } from './server.ts';

/** A kind of server that can be started here. */
export interface ServerKind {
  readonly name: string;
  /** The setting that takes its address. */
  readonly setting: string;
  readonly start: (options: { readonly dir: string }) => Promise<Server>;
  /** One that another process has started. */
  readonly at: (url: string, pid: number) => Server;
}

export const serverKinds: readonly ServerKind[] = [
  { name: 'kafka', setting: 'BUS_URL', start: startKafka, at: kafkaAt },
  {
    name: 'mongodb',
    setting: 'DATABASE_URL',
    start: async (options) => plain(await startMongodb(options)),
    at: (url, pid) => plain(mongodbAt(url, pid)),
  },
];

function plain(server: MongodbServer): Server {
  const { url, pid } = server;
  return { url, pid, stop: () => server.stop(), kill: (signal) => void server.kill(signal) };
}
