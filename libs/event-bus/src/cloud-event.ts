import { type EventSchemas, upcast, versionOf } from '#libs/contracts';
import type { DomainEvent, Recorded } from '#libs/event';
import { decodeEntry, positionText, UnknownEvent } from '#libs/event-log';
import { hashToBase64, leafHash } from '#libs/transparency';

/**
 * The context attributes of a CloudEvent (CloudEvents 1.0.2, section 3), all of them text. Nothing
 * here tells of a person: who acted is part of the data.
 */
export type Attributes = Readonly<Record<string, string>>;

/** 云事件: a published event as it leaves its service: by Kafka, or by `/feed`. */
export interface CloudEvent {
  readonly position: number;
  readonly stream: string;
  readonly attributes: Attributes;
  /** JSON. */
  readonly data: string;
}

/** Whose events these are. */
export interface Publisher {
  /** The service. */
  readonly origin: string;
  /** The log's name in its checkpoints: after a recovery another one, as its events are others. */
  readonly source: string;
  readonly published: EventSchemas;
}

/**
 * A stored entry as a CloudEvent; undefined when the service does not publish its type. The event
 * stays in the words in which it is stored, so that sealed sections stay sealed.
 */
export function cloudEventOf(
  { origin, source, published }: Publisher,
  position: number,
  bytes: Uint8Array,
): CloudEvent | undefined {
  const entry = decodeEntry(position, bytes);
  const { stream, type, typeVersion, version, actor, commandId, cause, payload } = entry;
  if (!Object.hasOwn(published, type)) return undefined;
  const told = JSON.stringify(cause === null ? { actor, commandId } : { actor, commandId, cause });
  const attributes = {
    specversion: '1.0',
    id: positionText(origin, position),
    source,
    type: `${origin}.${type}`,
    time: new Date(entry.recordedAtMs).toISOString(),
    subject: stream,
    origin,
    position: String(position),
    streamversion: String(version),
    dataversion: String(typeVersion),
    leafhash: hashToBase64(leafHash(bytes)),
  };
  return { position, stream, attributes, data: `${told.slice(0, -1)},"event":${payload}}` };
}

/** The same in CloudEvents' JSON format (section 3 of that format), as `/feed` gives it. */
export function jsonOf({ attributes, stream, data }: CloudEvent): string {
  const all = { ...attributes, partitionkey: stream, datacontenttype: 'application/json' };
  return `${JSON.stringify(all).slice(0, -1)},"data":${data}}`;
}

/** What the data of an event says beside the event. */
interface Told {
  readonly actor: string;
  readonly commandId: string;
  readonly cause?: string;
  readonly event: Record<string, unknown>;
}

/** The attributes that an event is read from. */
export interface EventAttributes {
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly position: string;
  readonly streamversion: string;
  readonly dataversion: string;
}

/**
 * The event as its origin recorded it, in the form in which this service knows it.
 *
 * @throws UnknownEvent when only a newer version of this service can read it
 */
export function recordedFrom(
  origin: string,
  known: EventSchemas,
  attributes: EventAttributes,
  data: unknown,
): Recorded {
  const { actor, commandId, cause, event: stored } = data as Told;
  const type = attributes.type.slice(origin.length + 1);
  const position = countOf(attributes.position, 'position');
  const { subject: stream, time: recordedAt } = attributes;
  const version = countOf(attributes.streamversion, 'streamversion');
  const dataVersion = countOf(attributes.dataversion, 'dataversion');
  const event = todaysForm(known, type, dataVersion, stored);
  return cause === undefined
    ? { origin, position, stream, version, recordedAt, actor, commandId, event }
    : { origin, position, stream, version, recordedAt, actor, commandId, cause, event };
}

function todaysForm(
  known: EventSchemas,
  type: string,
  version: number,
  stored: Record<string, unknown>,
): DomainEvent {
  // A type that this service has never heard of is none that it listens to.
  const schema = Object.hasOwn(known, type) ? known[type] : undefined;
  const today = schema === undefined ? version : versionOf(schema);
  if (version > today) throw new UnknownEvent(type, version);
  const isOld = schema !== undefined && version < today;
  // Put into the object that was just parsed: a copy of each event is what reading would feel.
  const event = isOld ? { ...upcast(schema, version, stored) } : stored;
  event['type'] = type;
  return event as Record<string, unknown> & DomainEvent;
}

/** @throws Error when it is no count, nor -1 for none */
export function countOf(text: string | undefined, name: string): number {
  const value = Number(text);
  if (text !== '' && text !== undefined && Number.isSafeInteger(value) && value >= -1) return value;
  throw new Error(`a message whose ${name} is ${JSON.stringify(text)} is none of a relay`);
}
