import type { EntryFields } from './entry-fields.js';

const PLACES = 13;
const SEED = 2_166_136_261;
const PRIME = 16_777_619;
const HYPHEN = 0x2d;
/** A bit for each byte of a UUID that stands behind a hyphen in its text: 4, 6, 8 and 10. */
const AFTER_HYPHEN = 0b101_0101_0000;
const TIME_BYTES = 5;
const DIGITS = Uint8Array.from(Buffer.from('0123456789abcdef'));

/**
 * The number by which the index finds a command (docs/log-format.md): 40 bits of the id, then 13
 * bits of FNV-1a over actor and id. Worked out from the entry's bytes: texts would cost more.
 */
export function commandNumberOf(data: Uint8Array, fields: EntryFields): number {
  const { commandFrom, commandTo, isCommandUuid, actorFrom, actorTo } = fields;
  const actor = mixText(SEED, data, actorFrom, actorTo);
  if (!isCommandUuid) return numberOfText(data, actor, commandFrom, commandTo);
  let hash = actor;
  let time = 0;
  for (let byte = 0; byte < 16; byte += 1) {
    const value = data[commandFrom + byte] ?? 0;
    if ((AFTER_HYPHEN >> byte) & 1) hash = mix(hash, HYPHEN);
    hash = mix(mix(hash, DIGITS[value >> 4] ?? 0), DIGITS[value & 15] ?? 0);
    if (byte < TIME_BYTES) time = time * 256 + value;
  }
  return numbered(time, hash);
}

/** An id that is no UUID may still begin with hexadecimal digits. */
function numberOfText(data: Uint8Array, actor: number, from: number, to: number): number {
  const id = textOf(data, from, to);
  const hash = mixText(actor, data, from, to);
  const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 11), 16);
  return numbered(Number.isNaN(time) ? hash >>> 0 : time, hash);
}

function numbered(upper: number, mixed: number): number {
  return upper * 2 ** PLACES + (mixed & (2 ** PLACES - 1));
}

/** Over UTF-16 units: of ASCII these are the bytes. */
function mixText(seed: number, data: Uint8Array, from: number, to: number): number {
  let hash = seed;
  for (let at = from; at < to; at += 1) {
    const byte = data[at] ?? 0;
    if (byte > 0x7f) return mixUnits(seed, textOf(data, from, to));
    hash = mix(hash, byte);
  }
  return hash;
}

function mixUnits(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = mix(hash, text.charCodeAt(at));
  return hash;
}

function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, PRIME);
}

function textOf(data: Uint8Array, from: number, to: number): string {
  return Buffer.from(data.subarray(from, to)).toString('utf8');
}
