import { SERVICES } from './house.ts';
import { kafkaAt, startKafka } from './kafka.ts';
import { giveRights } from './kafka-rights.ts';
import { mongodbAt, type MongodbServer, startMongodb } from './mongodb.ts';
import type { Server } from './server.ts';

/** As the settings INSTALLATION and BUS_PARTITIONS are by themselves. */
const INSTALLATION = 'fengqiao.localhost';
const PARTITIONS = 3;

export interface StartOptions {
  readonly dir: string;
  /** Whether it wants TLS and a sign-in, and each service may do what it has to and no more. */
  readonly isSecure?: boolean;
}

/** A kind of server that can be started here. */
export interface ServerKind {
  readonly name: string;
  /** The setting that takes its address. */
  readonly setting: string;
  readonly start: (options: StartOptions) => Promise<Server>;
  /** One that another process has started. */
  readonly at: (url: string, pid: number) => Server;
}

export const serverKinds: readonly ServerKind[] = [
  { name: 'kafka', setting: 'BUS_URL', start: startBus, at: kafkaAt },
  {
    name: 'mongodb',
    setting: 'DATABASE_URL',
    start: async (options) => plain(await startMongodb(options)),
    at: (url, pid) => plain(mongodbAt(url, pid)),
  },
];

/** The brokers of the services, which each may use as docs/kafka.md says. */
async function startBus({ dir, isSecure = false }: StartOptions): Promise<Server> {
  if (!isSecure) return startKafka({ dir });
  const services = Object.keys(SERVICES);
  const server = await startKafka({ dir, users: services });
  const name = (process.env['INSTALLATION'] ?? INSTALLATION).replaceAll('/', '.');
  if (server.security !== undefined) {
    await giveRights(server.url, server.security, { name, services, partitions: PARTITIONS });
  }
  return server;
}

function plain(server: MongodbServer): Server {
  const { url, pid } = server;
  return { url, pid, stop: () => server.stop(), kill: (signal) => void server.kill(signal) };
}
