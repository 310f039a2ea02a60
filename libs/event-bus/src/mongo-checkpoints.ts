import type { MongoCollection, MongoDatabase } from '#libs/mongo';
import type { Checkpoints } from './checkpoints.js';
import { reactionOf } from './handlers.js';
import { memoryParked, type ParkedDelivery, type ParkedStore } from './parked-store.js';

interface PositionDocument {
  readonly _id: string;
  readonly position: number;
}

interface ParkedDocument extends ParkedDelivery {
  readonly _id: string;
}

/** Waiting at most: a server that takes none for so long has to be looked after first. */
const WRITES_MAX = 10_000;

export interface MongoCheckpointsOptions {
  /** Hears that something was not written; it is tried again with the next one. */
  readonly onFault: (error: unknown) => void;
  /** Awaited before they are read: another process may be writing them until then. */
  readonly after?: Promise<void>;
  /** Rejects while another process may write them: one that was asleep has old ones in hand. */
  readonly mustHold?: () => Promise<void>;
}

export interface MongoCheckpoints extends Omit<Checkpoints, 'close'> {
  /** Resolves when they are read; until then nothing may be asked of them. */
  readonly opened: Promise<void>;
  /** Resolves when everything said before is on the server: offsets may be committed after it. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Checkpoints in a database of MongoDB, held in memory and written behind, one after the other: a
 * crash loses the newest writes and none before them, so that events are repeated and none is passed
 * over. One process writes them.
 */
export function openMongoCheckpoints(
  database: MongoDatabase,
  { onFault, after, mustHold }: MongoCheckpointsOptions,
): MongoCheckpoints {
  const stored: MongoCollection<PositionDocument> = database.collection('checkpoints');
  const storedParked: MongoCollection<ParkedDocument> = database.collection('parked');
  const positions = new Map<string, number>();
  const parked = memoryParked();
  const waiting: { readonly origin?: string; readonly write: () => Promise<unknown> }[] = [];
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    // What failed is tried again first: nothing may be written before it.
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      await mustHold?.();
      await next.write();
      waiting.shift();
    }
  }

  function start(): Promise<void> {
    working ??= work().finally(() => {
      working = undefined;
    });
    return working;
  }

  function later(write: () => Promise<unknown>, origin?: string): void {
    const last = waiting.at(-1);
    // A newer position takes the place of one that waits right before it, unless that is on its way.
    if (origin !== undefined && last?.origin === origin && waiting.length > 1) waiting.pop();
    if (waiting.length >= WRITES_MAX) throw new Error('too many checkpoints wait for the database');
    waiting.push({ write, ...(origin !== undefined && { origin }) });
    start().catch(onFault);
  }

  async function open(): Promise<void> {
    await after;
    for await (const { _id, position } of stored.find()) positions.set(_id, position);
    for await (const { _id, ...delivery } of storedParked.find()) parked.keep(delivery);
  }

  const opened = open();
  opened.catch(() => undefined);
  return {
    opened,
    parked: written(parked),
    origins: () => [...positions.keys()].sort(),
    load: (origin) => positions.get(origin) ?? 0,
    save: (origin, position) => {
      positions.set(origin, position);
      const document = { $set: { position } };
      later(() => stored.updateOne({ _id: origin }, document, { upsert: true }), origin);
    },
    written: async () => {
      while (waiting.length > 0) await start();
    },
    close: async () => {
      if (waiting.length > 0) await start().catch(onFault);
    },
  };

  function written(memory: ParkedStore): ParkedStore {
    return {
      lanes: (origin) => memory.lanes(origin),
      head: (origin, stream, reaction) => memory.head(origin, stream, reaction),
      keep: (delivery) => {
        memory.keep(delivery);
        const _id = nameOf(delivery);
        later(() => storedParked.replaceOne({ _id }, { ...delivery }, { upsert: true }));
      },
      remove: (delivery) => {
        memory.remove(delivery);
        later(() => storedParked.deleteOne({ _id: nameOf(delivery) }));
      },
    };
  }
}

function nameOf({ origin, stream, position, handler }: ParkedDelivery): string {
  return `${origin}\n${stream}\n${reactionOf(handler)}\n${position}\n${handler}`;
}
