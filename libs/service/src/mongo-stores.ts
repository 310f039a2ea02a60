import { join } from 'node:path';
import { logEvents } from '#libs/contracts';
import { openMongoCheckpoints } from '#libs/event-bus';
import { Commands, openSignedMongoLog } from '#libs/event-log';
import { databaseNames, ServerLease } from '#libs/mongo';
import { openMongoKeys, requestFingerprints, Sealing } from '#libs/privacy';
import { type Scheduler, SystemClock } from '#libs/scheduler';
import { LiveViews, openMongoViews, Projector } from '#libs/views';
import type { Databases } from './databases.js';
import { progressOf, tellFault } from './store-news.js';
import type { Stores, StoresOptions } from './stores.js';

/** A process that was killed holds its lease a little longer. */
const PATIENCE_MS = 20_000;
const ASK_AGAIN_MS = 500;

/** Another process runs this service on the same databases. */
export class DatabaseInUse extends Error {
  readonly code = 'DATABASE_IN_USE';
  constructor(database: string) {
    super(`${database} is in use by another running process: stop that first`);
  }
}

/** This process was asleep or cut off for so long that another has taken its service over. */
export class ServiceTakenOver extends Error {
  readonly code = 'SERVICE_TAKEN_OVER';
  constructor(database: string) {
    super(`another process has taken ${database} over: this one ends, and nothing was lost`);
  }
}

/**
 * Opens the stores of a service in MongoDB. They are ready when `opened` resolves; the key that signs
 * stays in `DATA_DIR/NAME`.
 */
export function openMongoStores(databases: Databases, options: StoresOptions): Stores {
  const { name, installation, now, events, views, clock = new SystemClock() } = options;
  const names = databaseNames(databases, name);
  const { mongo } = databases;
  const onFault = (error: unknown): void => tellFault(name, error);
  const inViews = mongo.database(names.views);
  const lease = new ServerLease(mongo, inViews, { name: 'service', scheduler: clock });
  // Whatever is read before the other process has ended is what that one knew, not what it did last.
  const after = hold(lease, { database: names.log, clock });
  const mustHold = (): Promise<void> => lease.mustHold();
  const keys = openMongoKeys(databases.keys.database(names.keys), now, after);
  const signed = openSignedMongoLog(
    {
      ...{ mongo, database: names.log, checkpoints: names.signed },
      dir: join(options.dataDir, name),
    },
    {
      origin: name,
      name: `${installation}/${name}`,
      events: { ...logEvents, ...events },
      ...{ now, scheduler: clock, onFault, after },
      beforeCommit: () => keys.flush(),
    },
  );
  const { log } = signed;
  const viewStore = openMongoViews(inViews, views, {
    scheduler: clock,
    onProgress: progressOf(name),
    ...{ after, mustHold },
  });
  const checkpoints = openMongoCheckpoints(inViews, { onFault, after, mustHold });
  const takenOver = Promise.withResolvers<Error>();
  const stopWatching = clock.every(ASK_AGAIN_MS, () => {
    if (!lease.isLost) return;
    log.closeForWriting('another process has taken its service over');
    // Whom that one erases, this one must not tell of.
    keys.close();
    takenOver.resolve(new ServiceTakenOver(names.log));
  });
  const open = async (): Promise<void> => {
    await Promise.all([keys.opened, signed.opened, viewStore.opened, checkpoints.opened]);
    if (log.readOnly !== undefined) onFault(new Error(`records nothing: ${log.readOnly}`));
  };
  const opened = open();
  opened.catch(() => undefined);
  return {
    opened,
    log,
    signed,
    commands: new Commands(log, requestFingerprints(keys)),
    keys,
    sealing: new Sealing(keys),
    views: new LiveViews(new Projector(log, viewStore), viewStore, clock),
    checkpoints,
    takenOver: takenOver.promise,
    reachServer: async () => {
      if (lease.isLost) throw await takenOver.promise;
      return mongo.serverTimeMs();
    },
    close: async () => {
      stopWatching();
      await viewStore.close();
      await signed.close();
      await checkpoints.close();
      keys.close();
      await lease.release().catch(onFault);
    },
  };
}

async function hold(
  lease: ServerLease,
  { database, clock }: { readonly database: string; readonly clock: Scheduler },
): Promise<void> {
  const untilMs = clock.elapsedMs() + PATIENCE_MS;
  while (!(await lease.tryToHold())) {
    if (clock.elapsedMs() > untilMs) throw new DatabaseInUse(database);
    await clock.sleep(ASK_AGAIN_MS);
  }
}
