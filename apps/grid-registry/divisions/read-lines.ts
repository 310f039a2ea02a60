import { createReadStream } from 'node:fs';

/** Lines that follow each other in a file; `first` is the 1-based number of the first of them. */
export type LineBatch = { readonly first: number; readonly lines: readonly string[] };

/**
 * A longer line arrives cut to one character more than this, so that a file without line breaks
 * cannot fill the memory and its reader can still tell that the line was too long.
 */
export const MAX_LINE_CHARS = 4096;

/**
 * Reads a UTF-8 file line by line (LF or CRLF, with or without a byte order mark). Lines come in
 * batches, because waiting for a promise on each of 620,000 lines would cost more than reading.
 */
export async function* readLines(path: string): AsyncGenerator<LineBatch> {
  const chunks: AsyncIterable<string> = createReadStream(path, { encoding: 'utf8' });
  let first = 1;
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS + 1);
    yield { first, lines: lines.map((line, index) => tidy(line, first + index)) };
    first += lines.length;
  }
  if (rest !== '') yield { first, lines: [tidy(rest, first)] };
}

function tidy(line: string, number: number): string {
  const start = number === 1 && line.startsWith('\uFEFF') ? 1 : 0;
  const end = line.endsWith('\r') ? line.length - 1 : line.length;
  return line.slice(start, Math.min(end, start + MAX_LINE_CHARS + 1));
}
