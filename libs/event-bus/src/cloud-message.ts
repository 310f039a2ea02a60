import type { Outgoing } from './broker.js';
import type { CloudEvent } from './cloud-event.js';

/** The Kafka protocol binding for CloudEvents 1.0.2, binary content mode (section 3.2). */
const PREFIX = 'ce_';
const JSON_TYPE = 'application/json';
export const PROGRESS = 'fengqiao.progress';
const PROGRESS_KEY = 'progress';

/** Where a message stands among those that were sent before it; -1 for none. */
export interface Place {
  readonly partition: number;
  /** The position that was published before it, in any partition. */
  readonly after: number;
  /** The position that was sent to its partition before it. */
  readonly previous: number;
}

export function eventMessage({ attributes, stream, data }: CloudEvent, place: Place): Outgoing {
  return {
    partition: place.partition,
    key: stream,
    headers: headersOf(attributes, place),
    value: data,
  };
}

/** Says how far the log was sent, to those who see one partition only. */
export function progressMessage(
  {
    origin,
    source,
    head,
    time,
  }: Readonly<Record<'origin' | 'source' | 'time', string>> & {
    readonly head: number;
  },
  place: Place,
): Outgoing {
  const id = `${origin}@progress-${head}`;
  const attributes = { specversion: '1.0', id, source, type: PROGRESS, time, origin };
  const headers = headersOf({ ...attributes, head: String(head) }, place);
  const value = JSON.stringify({ origin, head });
  return { partition: place.partition, key: PROGRESS_KEY, headers, value };
}

function headersOf(
  attributes: Readonly<Record<string, string>>,
  { after, previous }: Place,
): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': JSON_TYPE };
  for (const name in attributes) headers[PREFIX + name] = attributes[name] ?? '';
  headers['ce_after'] = String(after);
  headers['ce_previous'] = String(previous);
  return headers;
}
