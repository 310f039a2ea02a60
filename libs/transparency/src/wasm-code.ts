/**
 * The few instructions of WebAssembly that the kernel beside this file is written in, by the names
 * and numbers of its specification (https://webassembly.github.io/spec/core, 5.4 and 5.5).
 */
export type Code = number | readonly Code[];

export const I32 = 0x7f;
export const V128 = 0x7b;

/** LEB128, unsigned. */
function unsigned(value: number): Code {
  return value < 0x80 ? value : [(value % 0x80) | 0x80, unsigned(Math.floor(value / 0x80))];
}

/** LEB128, signed: six bits are left to a last byte's value. */
function signed(value: number): Code {
  const isLast = value >= -0x40 && value < 0x40;
  return isLast ? value & 0x7f : [(value & 0x7f) | 0x80, signed(value >> 7)];
}

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number): Code => [0x21, unsigned(local)];
export const tee = (local: number): Code => [0x22, unsigned(local)];
export const i32 = (value: number): Code => [0x41, signed(value)];
export const call = (index: number): Code => [0x10, unsigned(index)];
export const addI32 = 0x6a;

/** Repeats `body` for as long as the number that it leaves is not 0. */
export const repeatWhile = (body: Code): Code => [0x03, 0x40, body, 0x0d, 0x00, 0x0b];

const simd = (operation: number): Code => [0xfd, unsigned(operation)];
/** Memory is aligned to nothing: hashes lie where they lie. */
const at = (offset: number): Code => [0x00, unsigned(offset)];

export const load = (offset: number): Code => [simd(0), at(offset)];
/** Four times the 32-bit number that lies there. */
export const loadSplat = (offset: number): Code => [simd(9), at(offset)];
export const store = (offset: number): Code => [simd(11), at(offset)];
/** Of the 32 bytes of two vectors, the 16 at these places. */
export const shuffle = (places: readonly number[]): Code => [simd(13), places];
export const constant = (bytes: readonly number[]): Code => [simd(12), bytes];
export const and = simd(78);
export const or = simd(80);
export const xor = simd(81);
/** The bits of the first where the third has ones, else those of the second. */
export const select = simd(82);
export const shiftLeft = (bits: number): Code => [i32(bits), simd(0xab)];
export const shiftRight = (bits: number): Code => [i32(bits), simd(0xad)];
export const add = simd(0xae);

/** A function; its locals are numbered on from its parameters, vectors before numbers. */
export interface WasmFunction {
  readonly parameters: number;
  readonly vectors: number;
  readonly numbers: number;
  readonly body: Code;
}

/** A module with one page of memory, of which the memory and the last function are for use. */
export function moduleOf(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, vector(Array(parameters).fill(I32)), 0]);
  const bodies = functions.map(({ vectors, numbers, body }) =>
    sized([vector([counted(vectors, V128), counted(numbers, I32)]), body, 0x0b]),
  );
  const exported = [
    [text('memory'), 0x02, 0],
    [text('run'), 0x00, unsigned(functions.length - 1)],
  ];
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      [0x01, sized(vector(types))],
      [0x03, sized(vector(functions.map((_, index) => unsigned(index))))],
      [0x05, sized(vector([[0x00, 0x01]]))],
      [0x07, sized(vector(exported))],
      [0x0a, sized(vector(bodies))],
    ]),
  );
}

function counted(count: number, type: number): Code {
  return [unsigned(count), type];
}

function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function sized(code: Code): Code {
  const bytes = flat(code);
  return [unsigned(bytes.length), bytes];
}

function text(name: string): Code {
  return vector(Array.from(name, (character) => character.charCodeAt(0)));
}

function flat(code: Code): readonly number[] {
  const bytes: number[] = [];
  write(code, bytes);
  return bytes;
}

function write(code: Code, bytes: number[]): void {
  if (typeof code === 'number') bytes.push(code);
  else for (const part of code) write(part, bytes);
}
