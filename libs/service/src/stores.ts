import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EventSchemas, logEvents } from '#libs/contracts';
import { Commands, type EventLog, lockFile, openSignedLog, type SignedLog } from '#libs/event-log';
import { type Checkpoints, openSqliteCheckpoints } from '#libs/event-bus';
import { openSqliteKeys, requestFingerprints, Sealing, type SubjectKeys } from '#libs/privacy';
import { type Scheduler, SystemClock } from '#libs/scheduler';
import { LiveViews, openViewGenerations, Projector, type Rebuilding, type View } from '#libs/views';

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
}

/** What one service keeps: its log, its keys, its views and how far it has heard the others. */
export interface Stores {
  readonly log: EventLog;
  /** The same log with its checkpoints and its key. */
  readonly signed: SignedLog;
  readonly commands: Commands;
  /** The keys of the persons in this service's log, and what seals and opens with them. */
  readonly keys: SubjectKeys;
  readonly sealing: Sealing;
  readonly views: LiveViews;
  readonly checkpoints: Checkpoints;
  close(): Promise<void>;
}

/**
 * Opens the embedded stores of a service in `DATA_DIR/NAME`.
 *
 * @throws DataDirInUse when another process has them open
 */
export function openStores(options: StoresOptions): Stores {
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

/** A line at each tenth. */
function progressOf(name: string): (progress: Rebuilding) => void {
  let told = -1;
  return ({ generation, done, total }) => {
    const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
    if (done > 0 && tenth <= told) return;
    told = tenth;
    const line = `makes its views anew (${generation}): ${done} of ${total} events`;
    process.stderr.write(`${name}: ${line}\n`);
  };
}

function tellFault(name: string, error: unknown): void {
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
}
