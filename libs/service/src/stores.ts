import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EventSchemas, logEvents } from '#libs/contracts';
import { Commands, type EventLog, lockFile, openSignedLog, type SignedLog } from '#libs/event-log';
import { type Checkpoints, openSqliteCheckpoints } from '#libs/event-bus';
import { openSqliteKeys, requestFingerprints, Sealing, type SubjectKeys } from '#libs/privacy';
import { type Scheduler, SystemClock } from '#libs/scheduler';
import { LiveViews, openViewGenerations, Projector, type View } from '#libs/views';
import type { Databases } from './databases.js';
import { openMongoStores } from './mongo-stores.js';
import { progressOf, tellFault } from './store-news.js';

export interface StoresOptions {
  readonly name: string;
  /** Whose logs these are: the first part of their names in checkpoints. */
  readonly installation: string;
  readonly dataDir: string;
  readonly now: () => string;
  readonly events: EventSchemas;
  readonly views: readonly View[];
  /** The machine's clock unless told. */
  readonly clock?: Scheduler;
  /** Where the stores are; in `DATA_DIR` unless told. */
  readonly databases?: Databases | undefined;
}

/** What one service keeps: its log, its keys, its views and how far it has heard the others. */
export interface Stores {
  /** Resolves when they can be used; absent when they can at once. */
  readonly opened?: Promise<void>;
  readonly log: EventLog;
  /** The same log with its checkpoints and its key. */
  readonly signed: SignedLog;
  readonly commands: Commands;
  /** The keys of the persons in this service's log, and what seals and opens with them. */
  readonly keys: SubjectKeys;
  readonly sealing: Sealing;
  readonly views: LiveViews;
  readonly checkpoints: Checkpoints;
  /** Asks the server that keeps them: memory answers while it is away. Files need no asking. */
  readonly reachServer?: () => Promise<unknown>;
  /**
   * Resolves with what to say when another process has taken the service over; absent where that
   * cannot be. From then on this one must end: what it knows is no longer true.
   */
  readonly takenOver?: Promise<Error>;
  close(): Promise<void>;
}

/**
 * Opens the stores of a service: those in `DATA_DIR/NAME`, or those in its databases.
 *
 * @throws DataDirInUse when another process has them open
 */
export function openStores(options: StoresOptions): Stores {
  if (options.databases !== undefined) return openMongoStores(options.databases, options);
  const dir = join(options.dataDir, options.name);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // The log could take several writers; views and consumers of one folder belong to one process.
  const unlock = lockFile(join(dir, 'lock.db'));
  try {
    return openAll(dir, options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function openAll(
  dir: string,
  { name, installation, now, events, views, clock = new SystemClock() }: StoresOptions,
  unlock: () => void,
): Stores {
  const keys = openSqliteKeys(dir);
  const signed = openSignedLog(dir, {
    origin: name,
    name: `${installation}/${name}`,
    events: { ...logEvents, ...events },
    now,
    scheduler: clock,
    beforeCommit: () => keys.flush(),
    onFault: (error) => tellFault(name, error),
  });
  const { log } = signed;
  if (log.readOnly !== undefined) tellFault(name, new Error(`records nothing: ${log.readOnly}`));
  const viewStore = openViewGenerations(dir, views, {
    scheduler: clock,
    onProgress: progressOf(name),
    onFault: (error) => tellFault(name, error),
  });
  const checkpoints = openSqliteCheckpoints(dir);
  return {
    log,
    signed,
    commands: new Commands(log, requestFingerprints(keys)),
    keys,
    sealing: new Sealing(keys),
    views: new LiveViews(new Projector(log, viewStore), viewStore, clock),
    checkpoints,
    close: async () => {
      await viewStore.close();
      await signed.close();
      checkpoints.close();
      keys.close();
      unlock();
    },
  };
}
