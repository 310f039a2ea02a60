import { firstBits } from './uuid-bytes.js';

const PLACES = 13;
const LOW = 2 ** PLACES - 1;

/** What a command is known by: its name, and its number. */
export interface CommandKey {
  readonly actor: string;
  readonly commandId: string;
  readonly name: string;
  readonly number: number;
}

let lastKey: CommandKey = { actor: '', commandId: '', name: '\n', number: 0 };

/** A command id is one actor's own; no actor has a line feed. */
export function commandKey(actor: string, commandId: string): CommandKey {
  // A commit asks more than once: what was looked for is what is kept, and indexed.
  if (commandId !== lastKey.commandId || actor !== lastKey.actor) {
    const number = commandNumber(actor, commandId);
    lastKey = { actor, commandId, name: `${actor}\n${commandId}`, number };
  }
  return lastKey;
}

/**
 * A number under 2^53 by which the index finds a command: 40 bits of the id, which are its time
 * when it is a UUIDv7 or v8, so that new keys come in order; then 13 bits that mix actor and id.
 * Several commands may share a number: the entry at each position says whose it is.
 */
export function commandNumber(actor: string, commandId: string): number {
  const mixed = mix(mix(2_166_136_261, actor), commandId);
  return upperOf(commandId, mixed) * 2 ** PLACES + (mixed & LOW);
}

/** The first 40 bits of a UUID; of another id what it begins with, or else `mixed`. */
function upperOf(id: string, mixed: number): number {
  const bits = firstBits(id, 0);
  if (bits >= 0) return Math.floor(bits / 2 ** 8);
  const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 11), 16);
  return Number.isNaN(time) ? mixed : time;
}

/** FNV-1a over UTF-16 units, unsigned 32 bits: it spreads, it protects nothing. */
function mix(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  }
  return hash >>> 0;
}
