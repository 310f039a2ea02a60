import type { PairHasher } from './pair-hasher.js';
import {
  add,
  addI32,
  and,
  call,
  type Code,
  constant,
  get,
  i32,
  load,
  loadSplat,
  moduleOf,
  or,
  repeatWhile,
  select,
  set,
  shiftLeft,
  shiftRight,
  shuffle,
  store,
  tee,
  type WasmFunction,
  xor,
} from './wasm-code.js';

/**
 * SHA-256 (FIPS 180-4) of four inner nodes at a time, one in each 32-bit lane of a vector: what is
 * word `w` of one message in the standard is here word `w` of four. Decision 0014 says why.
 */

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2). */
// prettier-ignore
const ROUND_CONSTANTS = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];
/** The same of the square roots of the first eight (5.3.3). */
// prettier-ignore
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

const LANES = 4;
const VECTOR = 16;
const HASH = 32;
const PAIR = 2 * HASH;
const WORDS = 16;
/** A node is hashed as its prefix and two hashes (RFC 6962, section 2.1): 65 bytes. */
const PREFIX = 0x01;
const MESSAGE_BITS = (1 + PAIR) * 8;
const END_OF_MESSAGE = 0x80;

/** Where things lie in the memory. */
const CONSTANTS_AT = 0;
const STATE_AT = CONSTANTS_AT + ROUND_CONSTANTS.length * 4;
const SCHEDULE_AT = STATE_AT + INITIAL.length * VECTOR;
/** From here on the memory is its user's. */
const FREE_AT = 1024;

/** The 32-bit word that each lane has. */
const everyLane = (word: number): Code =>
  constant(Array.from({ length: VECTOR }, (_, byte) => (word >>> ((byte % 4) * 8)) & 0xff));

const rotated = (x: number, bits: number): Code => [
  ...[get(x), shiftRight(bits), get(x), shiftLeft(32 - bits)],
  or,
];
/** The functions of section 4.1.2, by the bits that they rotate, and shift in the end. */
const sum = (x: number, [a, b, c]: readonly [number, number, number]): Code => [
  ...[rotated(x, a), rotated(x, b), xor],
  ...[rotated(x, c), xor],
];
const scheduled = (x: number, [a, b, c]: readonly [number, number, number]): Code => [
  ...[rotated(x, a), rotated(x, b), xor],
  ...[get(x), shiftRight(c), xor],
];

const scheduleAt = (word: number): number => SCHEDULE_AT + (word % WORDS) * VECTOR;
const word = (index: number): Code => [i32(0), load(scheduleAt(index))];
const putWord = (index: number, value: Code): Code => [i32(0), value, store(scheduleAt(index))];
const state = (index: number): Code => [i32(0), load(STATE_AT + index * VECTOR)];
const putState = (index: number, value: Code): Code => [
  ...[i32(0), value, store(STATE_AT + index * VECTOR)],
];

/** Takes the 16 words of the schedule's memory into the state (6.2.2). */
function compress(): WasmFunction {
  const variables = INITIAL.map((_, index) => index);
  const [x, y, constants] = [8, 9, 10];
  /** After each round every variable has the next one's name; after 16 all have their own again. */
  const named = (round: number, name: number): number => (name - round + 64) % 8;
  const round = (index: number): Code => {
    const own = variables.map((name) => named(index, name));
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = own;
    return [
      ...[get(h), word(index), add, get(constants), loadSplat(CONSTANTS_AT + index * 4), add],
      ...[sum(e, [6, 11, 25]), add, get(f), get(g), get(e), select, add, set(h)],
      ...[get(d), get(h), add, set(d)],
      ...[get(h), sum(a, [2, 13, 22]), add],
      ...[get(a), get(b), and, get(a), get(b), or, get(c), and, or, add, set(h)],
    ];
  };
  const nextWord = (index: number): Code => [
    ...[word(index + 1), set(x), word(index + 14), set(y)],
    putWord(index, [
      ...[word(index), word(index + 9), add, scheduled(x, [7, 18, 3]), add],
      ...[scheduled(y, [17, 19, 10]), add],
    ]),
  ];
  const rounds = Array.from({ length: WORDS }, (_, index) => index);
  const body = [
    variables.map((name) => [state(name), set(name)]),
    rounds.map(round),
    repeatWhile([
      ...[get(constants), i32(WORDS * 4), addI32, set(constants)],
      rounds.map((index) => [nextWord(index), round(index)]),
      // The address of the last constants is the last multiple of 64 in it: 192.
      ...[get(constants), i32(-3 * WORDS * 4), addI32],
    ]),
    variables.map((name) => putState(name, [state(name), get(name), add])),
  ];
  return { parameters: 0, vectors: 10, numbers: 1, body };
}

/**
 * Four vectors of four words each, turned so that what was the first word of all is one vector;
 * each word's bytes are put in the other order, which is that of the standard or of the memory.
 */
function turned(from: readonly number[], spare: readonly [number, number]): readonly Code[] {
  const swapped = (places: readonly number[]): Code =>
    shuffle(places.flatMap((place) => [3, 2, 1, 0].map((byte) => place * 4 + byte)));
  const plain = (places: readonly number[]): Code =>
    shuffle(places.flatMap((place) => [0, 1, 2, 3].map((byte) => place * 4 + byte)));
  const [p = 0, q = 0, r = 0, s = 0] = from;
  const [left, right] = spare;
  const halves = (places: readonly number[]): Code => [
    ...[get(p), get(q), swapped(places), set(left)],
    ...[get(r), get(s), swapped(places), set(right)],
  ];
  const both = (places: readonly number[]): Code => [get(left), get(right), plain(places)];
  return [
    [halves([0, 4, 1, 5]), both([0, 1, 4, 5])],
    both([2, 3, 6, 7]),
    [halves([2, 6, 3, 7]), both([0, 1, 4, 5])],
    both([2, 3, 6, 7]),
  ];
}

/** `run(from, to, groups)`: hashes groups of four pairs of hashes that lie side by side. */
function hashGroups(compressAt: number): WasmFunction {
  const [from, to, groups] = [0, 1, 2];
  const lanes = [3, 4, 5, 6];
  const spare = [7, 8] as const;
  const words = Array.from({ length: WORDS }, (_, index) => 9 + index);
  const readWords = [0, 1, 2, 3].map((quarter) => [
    lanes.map((lane, index) => [get(from), load(index * PAIR + quarter * VECTOR), set(lane)]),
    turned(lanes, spare).map((code, index) => [code, set(words[quarter * 4 + index] ?? 0)]),
  ]);
  /** The prefix moves everything on by one byte, so that the last one is alone in a second block. */
  const first = words.map((own, index) => {
    const before = words[index - 1];
    const head = before === undefined ? everyLane(PREFIX << 24) : [get(before), shiftLeft(24)];
    return putWord(index, [head, get(own), shiftRight(8), or]);
  });
  const second = words.map((_, index) => {
    if (index === WORDS - 1) return putWord(index, everyLane(MESSAGE_BITS));
    if (index > 0) return putWord(index, everyLane(0));
    const last = words[WORDS - 1] ?? 0;
    return putWord(0, [get(last), shiftLeft(24), everyLane(END_OF_MESSAGE << 16), or]);
  });
  const writeHashes = [0, 1].map((half) => [
    lanes.map((lane, index) => [state(half * 4 + index), set(lane)]),
    turned(lanes, spare).map((code, index) => [
      ...[code, set(words[index] ?? 0)],
      ...[get(to), get(words[index] ?? 0), store(index * HASH + half * VECTOR)],
    ]),
  ]);
  const body = repeatWhile([
    readWords,
    INITIAL.map((value, index) => putState(index, everyLane(value))),
    ...[first, call(compressAt), second, call(compressAt), writeHashes],
    ...[get(from), i32(LANES * PAIR), addI32, set(from)],
    ...[get(to), i32(LANES * HASH), addI32, set(to)],
    ...[get(groups), i32(-1), addI32, tee(groups)],
  ]);
  return { parameters: 3, vectors: 6 + WORDS, numbers: 0, body };
}

let compiled: WebAssembly.Module | undefined;

/**
 * A pair hasher of its own memory.
 *
 * @throws WebAssembly.CompileError where the processor has no such vectors
 */
export function openNodeKernel(): PairHasher {
  compiled ??= new WebAssembly.Module(moduleOf([compress(), hashGroups(0)]));
  const { memory, run } = new WebAssembly.Instance(compiled).exports as {
    readonly memory: WebAssembly.Memory;
    readonly run: (from: number, to: number, groups: number) => void;
  };
  const view = new DataView(memory.buffer);
  ROUND_CONSTANTS.forEach((value, index) => view.setUint32(CONSTANTS_AT + index * 4, value, true));
  return {
    memory: Buffer.from(memory.buffer, FREE_AT),
    hashPairs: (from, to, count) => run(FREE_AT + from, FREE_AT + to, Math.ceil(count / LANES)),
  };
}
