import type { Recorded } from '#libs/event';
import { readRecorded, replayVerified } from '#libs/event-log';
import { openSqliteViews, type ViewStore } from '#libs/views';
import { type AuditedService, eventsOf } from '../audited-services.js';
import { CannotRun } from '../command.js';
import { newestCheckpoint } from '../evidence/newest-checkpoint.js';
import type { LogSource } from '../log-source.js';
import { pagesOf, wholeLog } from '../whole-log.js';

export interface Rebuilding {
  /** A folder that is there, for the file with the rows. */
  readonly dir: string;
  /** The position to stop before; all events unless told. */
  readonly until?: number;
  /** Whether a view may leave events of a stream aside that it cannot take. */
  readonly mayPark?: boolean;
  /** Hears how many events were read, and of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was rebuilt, and how much of it a signature covers. */
export interface Rebuilt {
  readonly events: number;
  /** Events that the newest checkpoint covers: they were recomputed to be those that were signed. */
  readonly signed: number;
  /** When the first of the others was recorded (RFC 3339); null when all are signed. */
  readonly unsignedSince: string | null;
}

/** Events in one transaction: each costs a write to disk, however many it has. */
const BATCH = 5_000;

/**
 * Applies a service's events to its views in a new file. All events that are signed are hashed on
 * the way, also those after `until`: without the last one the root cannot be compared.
 *
 * @throws LogDamaged when the events are not those that were signed
 * @throws UnknownEvent when this version does not know an event: none is passed over
 * @throws CannotRun when a view cannot take an event that nobody has skipped
 */
export async function rebuildViews(
  source: LogSource,
  audited: AuditedService,
  { dir, until = Infinity, mayPark = false, onProgress }: Rebuilding,
): Promise<Rebuilt> {
  const { name, views } = audited;
  const schemas = eventsOf(audited);
  const checkpoint = await newestCheckpoint(source);
  const signed = checkpoint?.size ?? 0;
  const head = await source.head();
  const store = openSqliteViews(dir, views);
  let waiting: Recorded[] = [];
  let unsignedSince: string | null = null;
  const applyAll = async (): Promise<void> => {
    await store.apply(waiting);
    waiting = [];
  };
  const take = async (page: readonly Recorded[]): Promise<void> => {
    waiting.push(...page.filter(({ position }) => position < until));
    if (waiting.length >= BATCH) await applyAll();
    onProgress?.((page.at(-1)?.position ?? 0) + 1, head);
  };
  try {
    if (checkpoint !== undefined) await replayVerified(wholeLog(source), schemas, checkpoint, take);
    for await (const { from, entries } of pagesOf(source, signed, Math.min(head, until))) {
      const page = readRecorded(name, schemas, from, entries);
      unsignedSince ??= page[0]?.recordedAt ?? null;
      await take(page);
    }
    await applyAll();
    if (!mayPark) await assertTaken(store);
    return { events: Math.min(head, until), signed: Math.min(signed, until), unsignedSince };
  } finally {
    await store.close();
  }
}

/** An event that is skipped in the log is left out; one that no view could take is a finding. */
async function assertTaken(store: ViewStore): Promise<void> {
  const [first] = await store.parked();
  if (first === undefined) return;
  throw new CannotRun(`a view cannot take its events: ${first.reason}`);
}
