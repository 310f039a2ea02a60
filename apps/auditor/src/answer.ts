import type { CommandIo } from './command.js';

/** Where a command answers, and whether to a program. */
export interface Reply {
  readonly io: CommandIo;
  readonly json: boolean;
}

/** What a command has found: for programs a value, a line each; for people lines. */
export interface Answer {
  readonly value: unknown;
  readonly lines: readonly string[];
}

export function writeAnswer({ io, json }: Reply, { value, lines }: Answer): void {
  for (const line of json ? [JSON.stringify(value)] : lines) io.out.write(`${plainText(line)}\n`);
}

/** A number of things in words: `1 event`, `2 events`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/**
 * A log may hold what somebody wants a terminal to do: control characters, and marks that turn the
 * direction of writing, are written as JSON would escape them.
 */
export function plainText(line: string): string {
  return line.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
