import { hash } from 'node:crypto';
import { HASH_BYTES } from './hash.js';
import { openNodeKernel } from './node-kernel.js';

/** Hashes pairs of hashes, each to the hash of the node above them (RFC 6962, section 2.1). */
export interface PairHasher {
  /** At least 32 KiB, in which hashes lie one after the other. */
  readonly memory: Buffer<ArrayBuffer>;
  /**
   * Puts the parents of `count` pairs that lie from the byte `from` on to where `to` says, at least
   * one; behind them up to three hashes' room may be overwritten.
   */
  hashPairs(from: number, to: number, count: number): void;
}

const MEMORY_BYTES = 32 * 1024;

/** Four pairs at a time where the processor has vectors, else one after the other. */
export function openPairHasher(openKernel = openNodeKernel): PairHasher {
  try {
    return openKernel();
  } catch {
    // No such vectors here, or no code may be made: Node's own hash is slower, and as good.
    return openPlainHasher();
  }
}

/** With a call of Node's for each pair. */
export function openPlainHasher(): PairHasher {
  const memory = Buffer.alloc(MEMORY_BYTES);
  const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
  return {
    memory,
    hashPairs: (from, to, count) => {
      for (let index = 0; index < count; index += 1) {
        const at = from + index * 2 * HASH_BYTES;
        memory.copy(pair, 1, at, at + 2 * HASH_BYTES);
        memory.write(hash('sha256', pair, 'binary'), to + index * HASH_BYTES, 'latin1');
      }
    },
  };
}
