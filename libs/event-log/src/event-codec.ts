import { type z } from 'zod';
import type { EventSchemas } from '#libs/contracts';
import type { DomainEvent, Recorded } from '#libs/event';
import type { Commit } from './event-log.js';
import { decodeEntryOnly, type Entry, type StreamEntry } from './entry.js';
import { EventTooLarge, LogDamaged, UnknownEvent } from './faults.js';

/** Of 65,535 bytes, what is left to an event when stream, actor and the rest are at their longest. */
export const PAYLOAD_BYTES_MAX = 60_000;
/** For stream, actor, command id and cause together; the rest of an entry is less than 500 bytes. */
const NAMES_BYTES_MAX = 5_000;
/** Until a type is changed, all its events are of version 1. */
export const TYPE_VERSION = 1;

/** What reading an event needs of its entry. */
type EventEntry = Omit<Entry, 'fingerprint'>;

/** An event as it will be stored: its type and the JSON of all else. */
export interface Payload {
  readonly type: string;
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
  const json = JSON.stringify(schemaOf(schemas, type).parse(data));
  // A character has at most three bytes, so that most events need not be measured.
  const bytes = json.length * 3 > PAYLOAD_BYTES_MAX ? Buffer.byteLength(json) : 0;
  if (bytes > PAYLOAD_BYTES_MAX) throw new EventTooLarge(type, bytes, PAYLOAD_BYTES_MAX);
  return { type, json };
}

function schemaOf(schemas: EventSchemas, type: string): z.ZodObject {
  // `constructor` and its like are no event types, though every object has them.
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) throw new UnknownEvent(type);
  return schema;
}

/**
 * The event of an entry. It met its schema when it was written, and a proof holds its bytes since
 * then, so that reading trusts both; whether they still fit each other is what an audit asks.
 *
 * @throws LogDamaged, UnknownEvent, UnknownFormat: an event is never passed over
 */
export function eventOf(schemas: EventSchemas, entry: StreamEntry): DomainEvent {
  const { type, typeVersion } = entry;
  if (!Object.hasOwn(schemas, type)) throw new UnknownEvent(type);
  if (typeVersion !== TYPE_VERSION) throw new UnknownEvent(`${type} version ${typeVersion}`);
  const event = parsePayload(entry);
  // Put into the object that was just parsed: a copy of each event is what reading would feel.
  event.type = type;
  return event;
}

/** The event of an entry, held against its schema: for who trusts nothing. */
export function checkedEventOf(schemas: EventSchemas, entry: StreamEntry): DomainEvent {
  const { type, ...data } = eventOf(schemas, entry);
  const { success } = schemaOf(schemas, type).safeParse(data);
  if (success) return { ...data, type };
  throw new LogDamaged(`entry ${entry.position} does not fit the schema of ${type}`);
}

/** An entry as its readers know it. */
export function recordedOf(origin: string, schemas: EventSchemas, entry: EventEntry): Recorded {
  const { position, stream, version, actor, commandId, cause } = entry;
  const recordedAt = timeText(entry.recordedAtMs);
  const event = eventOf(schemas, entry);
  return cause === null
    ? { origin, position, stream, version, recordedAt, actor, commandId, event }
    : { origin, position, stream, version, recordedAt, actor, commandId, cause, event };
}

export function readRecorded(
  origin: string,
  schemas: EventSchemas,
  position: number,
  bytes: Uint8Array,
): Recorded {
  return recordedOf(origin, schemas, decodeEntryOnly(position, bytes));
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

function parsePayload({ position, payload }: StreamEntry): { type: string } {
  try {
    const data: unknown = JSON.parse(payload);
    // The type is set by the caller: what `JSON.parse` gives belongs to nobody else.
    if (typeof data === 'object' && data !== null && !Array.isArray(data))
      return data as { type: string };
  } catch {
    // Falls through: what is no JSON is as wrong as what is no object.
  }
  throw new LogDamaged(`entry ${position} is not what was written`);
}
