import { type z } from 'zod';
import { type EventSchemas, upcast, versionOf } from '#libs/contracts';
import type { DomainEvent, Recorded } from '#libs/event';
import type { Commit } from './event-log.js';
import { decodeEntryOnly, type Entry, type StoredEntry, type StreamEntry } from './entry.js';
import { EventTooLarge, LogDamaged, UnknownEvent } from './faults.js';
import { type Parsed, parsePayload, parsePayloads } from './payloads.js';

/** Of 65,535 bytes, what is left to an event when stream, actor and the rest are at their longest. */
export const PAYLOAD_BYTES_MAX = 60_000;
/** For stream, actor, command id and cause together; the rest of an entry is less than 500 bytes. */
const NAMES_BYTES_MAX = 5_000;

/** What an entry says of its event's payload. */
type TypedEntry = Pick<Entry, 'position' | 'type' | 'typeVersion'>;
/** What its readers hear of an entry beside its event. */
type Envelope = Omit<StoredEntry, 'payload'>;

/** An event as it will be stored: its type, the version of that, and the JSON of all else. */
export interface Payload {
  readonly type: string;
  readonly typeVersion: number;
  readonly json: string;
}

/** A commit whose events met their schemas, ready to be written. */
export interface PreparedCommit extends Omit<Commit, 'writes'> {
  readonly writes: readonly { readonly stream: string; readonly events: readonly Payload[] }[];
}

/**
 * Checks a commit's events against their schemas and writes their payloads. An event that does not
 * fit is a bug in its decider and must fail its own command only, so this is called before commits
 * are gathered.
 *
 * @throws UnknownEvent, EventTooLarge, ZodError
 */
export function prepare(schemas: EventSchemas, commit: Commit): PreparedCommit {
  const writes = commit.writes.map(({ stream, events }) => {
    mustFitBeside(stream, commit);
    return { stream, events: events.map((event) => payloadOf(schemas, event)) };
  });
  if (writes.every(({ events }) => events.length === 0)) {
    throw new Error('a commit without events has no place in the log');
  }
  return { ...commit, writes };
}

function mustFitBeside(stream: string, { actor, commandId, cause = '' }: Commit): void {
  const names = [stream, actor, commandId, cause];
  if (names.reduce((sum, { length }) => sum + length, 0) * 3 <= NAMES_BYTES_MAX) return;
  const bytes = Buffer.byteLength(names.join(''));
  if (bytes > NAMES_BYTES_MAX) throw new EventTooLarge('what names it', bytes, NAMES_BYTES_MAX);
}

function payloadOf(schemas: EventSchemas, event: DomainEvent): Payload {
  const { type, ...data } = event;
  const schema = schemaOf(schemas, type);
  const json = JSON.stringify(schema.parse(data));
  // A character has at most three bytes, so that most events need not be measured.
  const bytes = json.length * 3 > PAYLOAD_BYTES_MAX ? Buffer.byteLength(json) : 0;
  if (bytes > PAYLOAD_BYTES_MAX) throw new EventTooLarge(type, bytes, PAYLOAD_BYTES_MAX);
  return { type, typeVersion: versionOf(schema), json };
}

function schemaOf(schemas: EventSchemas, type: string): z.ZodObject {
  // `constructor` and its like are no event types, though every object has them.
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) throw new UnknownEvent(type);
  return schema;
}

/**
 * The event of an entry, in today's form. It met its schema when it was written, and a proof holds
 * its bytes since then, so that reading trusts both; whether they still fit each other is what an
 * audit asks.
 *
 * @throws LogDamaged, UnknownEvent, UnknownFormat: an event is never passed over
 */
export function eventOf(
  schemas: EventSchemas,
  entry: TypedEntry & Pick<Entry, 'payload'>,
): DomainEvent {
  return todaysForm(schemas, entry, parsePayload(entry.position, entry.payload));
}

/** The same of many entries. */
export function eventsOf(
  schemas: EventSchemas,
  entries: readonly StreamEntry[],
): readonly DomainEvent[] {
  return parsePayloads(entries).map((stored, index) =>
    todaysForm(schemas, entries[index] as StreamEntry, stored),
  );
}

function todaysForm(
  schemas: EventSchemas,
  { type, typeVersion }: TypedEntry,
  stored: Parsed,
): DomainEvent {
  const schema = schemaOf(schemas, type);
  const today = versionOf(schema);
  if (typeVersion > today || typeVersion < 1) throw new UnknownEvent(type, typeVersion);
  const event = typeVersion === today ? stored : { ...upcast(schema, typeVersion, stored), type };
  // Put into the object that was just parsed: a copy of each event is what reading would feel.
  event.type = type;
  return event;
}

/** The event of an entry, held against its schema: for who trusts nothing. */
export function checkedEventOf(
  schemas: EventSchemas,
  entry: TypedEntry & Pick<Entry, 'payload'>,
): DomainEvent {
  const { type, ...data } = eventOf(schemas, entry);
  const { success } = schemaOf(schemas, type).safeParse(data);
  if (success) return { ...data, type };
  throw new LogDamaged(`entry ${entry.position} does not fit the schema of ${type}`);
}

/** An entry as its readers know it. */
export function recordedOf(origin: string, schemas: EventSchemas, entry: Entry): Recorded {
  return recorded(origin, entry, eventOf(schemas, entry));
}

/** The same of many entries. */
export function recordedAll(
  origin: string,
  schemas: EventSchemas,
  entries: readonly StoredEntry[],
): readonly Recorded[] {
  return eventsOf(schemas, entries).map((event, index) =>
    recorded(origin, entries[index] as StoredEntry, event),
  );
}

/** @param entries their bytes, from position `from` on */
export function readRecorded(
  origin: string,
  schemas: EventSchemas,
  from: number,
  entries: readonly Uint8Array[],
): readonly Recorded[] {
  const decoded = entries.map((bytes, index) => decodeEntryOnly(from + index, bytes));
  return recordedAll(origin, schemas, decoded);
}

function recorded(origin: string, entry: Envelope, event: DomainEvent): Recorded {
  const { position, stream, version, actor, commandId, cause } = entry;
  const recordedAt = timeText(entry.recordedAtMs);
  return cause === null
    ? { origin, position, stream, version, recordedAt, actor, commandId, event }
    : { origin, position, stream, version, recordedAt, actor, commandId, cause, event };
}

let lastMs = -1;
let lastText = '';

/** RFC 3339; many entries follow each other within a millisecond. */
function timeText(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}
