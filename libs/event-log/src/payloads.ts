import { randomBytes } from 'node:crypto';
import { LogDamaged } from './faults.js';

/** Where a payload was found, and its bytes. */
export interface Unparsed {
  readonly position: number;
  readonly payload: Uint8Array;
}

/** What a payload says, an object; whoever reads it puts the event's type into it. */
export interface Parsed extends Record<string, unknown> {
  type: string;
}

/** More at once are no faster: their text would outgrow what the processor keeps close. */
const RUN = 32;
/** Room for the longest payload several times over. */
const room = Buffer.alloc(256 * 1024);
/** Stands between payloads. No writer can know it, so that no payload can pass for two or for half. */
const MARK = randomBytes(16).toString('base64url');
const between = Buffer.from(`,"${MARK}",`);
const OPEN = '['.charCodeAt(0);
const CLOSE = ']'.charCodeAt(0);
/** What Node puts where bytes are no UTF-8. */
const REPLACED = '\ufffd';

const exact = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses the payloads of many entries. Several of them make one text and one call, which takes two
 * thirds of the time; what does not come out of that as it should is parsed by itself.
 *
 * @throws LogDamaged when one is no UTF-8, no JSON, or no object
 */
export function parsePayloads(entries: readonly Unparsed[]): readonly Parsed[] {
  const parsed: Parsed[] = [];
  while (parsed.length < entries.length) {
    const { count, text } = textOfRun(entries, parsed.length);
    const run = parseRun(text, count) ?? parseEach(entries, parsed.length, count);
    for (const each of run) parsed.push(each);
  }
  return parsed;
}

/** Parses what an entry has in place of its payload's bytes: their text. */
export function parsePayload(position: number, payload: string): Parsed {
  try {
    const data: unknown = JSON.parse(payload);
    if (isObject(data)) return data;
  } catch {
    // Falls through: what is no JSON is as wrong as what is no object.
  }
  throw new LogDamaged(`entry ${position} is not what was written`);
}

/** Puts as many payloads together as a run may have: each with a mark behind it, as one array. */
function textOfRun(entries: readonly Unparsed[], from: number): { count: number; text: string } {
  const last = Math.min(from + RUN, entries.length);
  let at = 1;
  let next = from;
  room[0] = OPEN;
  for (; next < last; next += 1) {
    const payload = entries[next]?.payload ?? between;
    if (at + payload.length + between.length > room.length) break;
    room.set(payload, at);
    room.set(between, at + payload.length);
    at += payload.length + between.length;
  }
  room[at - 1] = CLOSE;
  return { count: next - from, text: room.toString('utf8', 0, at) };
}

/** Undefined unless there are objects, as many as there should be, with a mark behind each. */
function parseRun(text: string, count: number): readonly Parsed[] | undefined {
  if (text.includes(REPLACED)) return undefined;
  const values = valuesIn(text);
  if (values?.length !== count * 2) return undefined;
  const parsed: Parsed[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const data = values[at];
    if (!isObject(data) || values[at + 1] !== MARK) return undefined;
    parsed.push(data);
  }
  return parsed;
}

function valuesIn(text: string): readonly unknown[] | undefined {
  try {
    return JSON.parse(text) as readonly unknown[];
  } catch {
    // One of them is no JSON, and is told of when each is parsed by itself.
    return undefined;
  }
}

function parseEach(entries: readonly Unparsed[], from: number, count: number): readonly Parsed[] {
  return entries
    .slice(from, from + count)
    .map(({ position, payload }) => parsePayload(position, exactText(position, payload)));
}

function exactText(position: number, payload: Uint8Array): string {
  try {
    return exact.decode(payload);
  } catch (error) {
    throw new LogDamaged(`entry ${position} is not what was written`, { cause: error });
  }
}

function isObject(data: unknown): data is Parsed {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
