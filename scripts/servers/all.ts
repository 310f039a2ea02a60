import { kafkaAt, startKafka } from './kafka.ts';
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
];
