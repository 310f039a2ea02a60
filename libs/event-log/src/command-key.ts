const PLACES = 13;

/**
 * A number under 2^53 by which the index finds a command: 40 bits of the id, which are its time
 * when it is a UUIDv7 or v8, so that new keys come in order; then 13 bits that mix actor and id.
 * Several commands may share a number: the entry at each position says whose it is.
 */
export function commandNumber(actor: string, commandId: string): number {
  const mixed = mix(mix(2_166_136_261, actor), commandId);
  const time = Number.parseInt(commandId.slice(0, 8) + commandId.slice(9, 11), 16);
  const upper = Number.isNaN(time) ? mixed : time;
  return upper * 2 ** PLACES + (mixed & (2 ** PLACES - 1));
}

/** FNV-1a over UTF-16 units, unsigned 32 bits: it spreads, it protects nothing. */
function mix(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  }
  return hash >>> 0;
}
