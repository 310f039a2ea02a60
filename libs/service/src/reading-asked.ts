import { isISO8601 } from 'class-validator';
import { refuse } from '#libs/event';
import { positionText } from '#libs/event-log';
import { RFC_3339 } from './command-input.js';
import { refusalError } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';
import { isServiceName } from './settings.js';

/** Places in the logs of services: the last position of each that counts. */
export type Positions = ReadonlyMap<string, number>;

/** As of when a request wants to be answered, and what the answer must hold at least. */
export interface Asked {
  /** A time in UTC, or a position in the log of every service that the request reaches. */
  readonly asOf?: string | Positions;
  readonly minPosition?: Positions;
}

/** How a gateway hands on to the services what it was asked for. */
export const AS_OF_HEADER = 'fengqiao-as-of';
export const MIN_POSITION_HEADER = 'fengqiao-min-position';

const POSITION = /^([a-z][a-z-]*)@(0|[1-9]\d{0,14})$/;
const FIRST_MS = Date.parse('1000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
/** No request reaches more services than these. */
const POSITIONS_MAX = 20;

/**
 * What an argument `asOf` says: one RFC 3339 time, or one position for each service.
 *
 * @throws AS_OF_MALFORMED, POSITION_UNKNOWN
 */
export function asOfIn(items: readonly unknown[]): string | Positions {
  const [only, ...others] = items;
  if (others.length === 0 && typeof only === 'string' && isTime(only)) {
    return utcOf(only);
  }
  const positions = items.length === 0 ? undefined : positionsIn(items);
  if (positions === undefined) throw malformed('AsOfMalformed', items);
  return positions;
}

/** @throws MIN_POSITION_MALFORMED, POSITION_UNKNOWN */
export function minPositionIn(items: readonly unknown[]): Positions {
  const positions = positionsIn(items);
  if (positions === undefined) throw malformed('MinPositionMalformed', items);
  return positions;
}

/** The headers that say the same again. */
export function headersOf({ asOf, minPosition }: Asked): Readonly<Record<string, string>> {
  return {
    ...(asOf !== undefined && { [AS_OF_HEADER]: textOf(asOf) }),
    ...(minPosition !== undefined && { [MIN_POSITION_HEADER]: textOf(minPosition) }),
  };
}

/** @throws as `asOfIn` and `minPositionIn` do */
export function askedIn(headers: Readonly<Record<string, unknown>>): Asked {
  const { [AS_OF_HEADER]: asOf, [MIN_POSITION_HEADER]: minPosition } = headers;
  return {
    ...(typeof asOf === 'string' && { asOf: asOfIn(itemsIn(asOf)) }),
    ...(typeof minPosition === 'string' && { minPosition: minPositionIn(itemsIn(minPosition)) }),
  };
}

/** The same text for the same meaning, in whichever order it was written. */
export function textOf(value: string | Positions): string {
  if (typeof value === 'string') return value;
  return [...value]
    .map(([origin, position]) => positionText(origin, position))
    .sort()
    .join();
}

function itemsIn(header: string): readonly string[] {
  return header.split(',').map((item) => item.trim());
}

function isTime(text: string): boolean {
  return RFC_3339.test(text) && isISO8601(text, { strict: true, strictSeparator: true });
}

/** An offset may lead out of the years that `isTime` takes: headers would be refused. */
function utcOf(time: string): string {
  const ms = Math.min(Math.max(Date.parse(time), FIRST_MS), LAST_MS);
  return new Date(ms).toISOString();
}

/** Undefined when one of them is no position, or two are of one service. */
function positionsIn(items: readonly unknown[]): Positions | undefined {
  const positions = new Map<string, number>();
  if (items.length > POSITIONS_MAX) return undefined;
  for (const item of items) {
    const [, origin = '', position] = POSITION.exec(typeof item === 'string' ? item : '') ?? [];
    if (position === undefined || positions.has(origin)) return undefined;
    if (!isServiceName(origin)) throw unknownService(origin, Number(position));
    positions.set(origin, Number(position));
  }
  return positions;
}

function malformed(code: 'AsOfMalformed' | 'MinPositionMalformed', items: readonly unknown[]) {
  const text = items.join(', ').slice(0, 80);
  return refusalError(refuse(code, { text }), requestRefusals);
}

function unknownService(origin: string, position: number) {
  const facts = {
    position: positionText(origin, position),
    why: 'there is no such service',
    whyZh: '没有这个服务',
  };
  return refusalError(refuse('PositionUnknown', facts), requestRefusals);
}
