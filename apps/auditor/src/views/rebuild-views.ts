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
 * @throws CannotRun when a view cannot take an event
 */
export async function rebuildViews(
  source: LogSource,
  audited: AuditedService,
  { dir, until = Infinity, onProgress }: Rebuilding,
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
    await applied(store, waiting);
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
      const page = entries.map((bytes, index) => readRecorded(name, schemas, from + index, bytes));
      unsignedSince ??= page[0]?.recordedAt ?? null;
      await take(page);
    }
    await applyAll();
    return { events: Math.min(head, until), signed: Math.min(signed, until), unsignedSince };
  } finally {
    await store.close();
  }
}

/** A view that cannot take an event says why; a store that fails has a code, and its own reasons. */
async function applied(store: ViewStore, events: readonly Recorded[]): Promise<void> {
  try {
    await store.apply(events);
  } catch (cause) {
    if (!(cause instanceof Error) || 'code' in cause) throw cause;
    throw new CannotRun(`a view cannot take its events: ${cause.message}`, { cause });
  }
}
