import type { Checkpoints } from '#libs/event-bus';
import { Commands, type EventLog } from '#libs/event-log';
import { requestFingerprints, Sealing } from '#libs/privacy';
import type { Stores } from '#libs/service';
import { LiveViews, Projector, type ViewStore } from '#libs/views';
import type { Disk } from './disk.js';
import type { Life } from './life.js';
import type { Plant } from './plant.js';
import { withMethods } from './rewound.js';
import type { Trace } from './trace.js';

/** Another process has the log in hand. */
class LogBusyNow extends Error {
  readonly code = 'LOG_BUSY';
}

const NONCE_BYTES = 12;

/** A service's stores as one life reads and writes them. */
export function simulatedStores(
  disk: Disk,
  life: Life,
  { trace, plant }: { readonly trace: Trace; readonly plant: Plant },
): Stores {
  const keys = disk.keys.open();
  const flush = async (): Promise<void> => {
    if (keys.isFresh()) await life.writes('keys', async () => keys.flush());
  };
  const log = logOf(disk, life, { trace, flush });
  const rows = rowsOf(disk, life, plant);
  const stores: Stores = {
    log,
    signed: {
      log,
      name: disk.name,
      epoch: 1,
      vkey: '',
      checkpoint: () => undefined,
      sign: async () => undefined,
      close: async () => undefined,
    },
    commands: new Commands(log, requestFingerprints(keys)),
    keys,
    sealing: new Sealing(keys, { nonce: () => disk.bytes(NONCE_BYTES) }),
    views: new LiveViews(new Projector(log, rows), rows, life.scheduler),
    checkpoints: checkpointsOf(disk, life),
    close: async () => undefined,
  };
  return plant.stores(stores);
}

interface Beside {
  readonly trace: Trace;
  /** Makes new keys durable, before what is sealed with them. */
  readonly flush: () => Promise<void>;
}

function logOf({ log }: Disk, life: Life, { trace, flush }: Beside): EventLog {
  return withMethods<EventLog>(log, {
    head: () => life.reads(() => log.head()),
    read: (from, limit) => life.reads(() => log.read(from, limit)),
    readStream: (stream, before) => life.reads(() => log.readStream(stream, before)),
    streamEvents: (stream) => life.reads(() => log.streamEvents(stream)),
    command: (actor, id) => life.reads(() => log.command(actor, id)),
    append: async (commit) => {
      if (life.weather.happens('busy')) throw new LogBusyNow();
      await flush();
      return life.writes('the commit', async () => {
        const outcome = await log.append(commit);
        const types = commit.writes.flatMap(({ events }) => events.map(({ type }) => type));
        trace.tell(`${log.origin} ${JSON.stringify(outcome)} ${types.join()} ${commit.commandId}`);
        return outcome;
      });
    },
    onAppended: (listener) =>
      log.onAppended(() => {
        if (!life.isOver) listener();
      }),
  });
}

function rowsOf({ rows }: Disk, life: Life, plant: Plant): ViewStore {
  const { store } = rows;
  return withMethods<ViewStore>(store, {
    position: () => life.reads(() => store.position()),
    get: (view, ...more) => life.reads(() => store.get(view, ...more)),
    find: (view, query) => life.reads(() => store.find(view, query)),
    count: (view, where) => life.reads(() => store.count(view, where)),
    countBy: (...asked) => life.reads(() => store.countBy(...asked)),
    parked: () => life.reads(() => store.parked()),
    retry: (...asked) => life.writes('the rows', () => rows.write((kept) => kept.retry(...asked))),
    apply: plant.applies(rows, life),
    close: async () => undefined,
  });
}

function checkpointsOf({ checkpoints }: Disk, life: Life): Checkpoints {
  const { store } = checkpoints;
  const { parked } = store;
  return withMethods<Checkpoints>(store, {
    parked: withMethods(parked, {
      keep: (delivery) =>
        life.writesNow('parking', () => checkpoints.write((kept) => kept.parked.keep(delivery))),
      remove: (delivery) =>
        life.writesNow('unparking', () =>
          checkpoints.write((kept) => kept.parked.remove(delivery)),
        ),
    }),
    save: (origin, position) =>
      life.writesNow('the checkpoint', () =>
        checkpoints.write((kept) => kept.save(origin, position)),
      ),
    close: () => undefined,
  });
}
