import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_LINE_CHARS, readLines } from './read-lines.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'read-lines-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function linesOf(content: string | Buffer): Promise<readonly (readonly [number, string])[]> {
  const file = join(dir, 'lines.txt');
  await writeFile(file, content);
  const numbered: (readonly [number, string])[] = [];
  for await (const { first, lines } of readLines(file)) {
    for (const [index, line] of lines.entries()) numbered.push([first + index, line]);
  }
  return numbered;
}

describe('the lines of a file', () => {
  it('are numbered from one, whatever ends them, and without the byte order mark', async () => {
    const lines = [
      [1, '甲'],
      [2, ''],
      [3, '乙'],
      [4, '丙'],
    ];
    expect(await linesOf('\uFEFF甲\r\n\r\n乙\n丙')).toEqual(lines);
    expect(await linesOf('甲\n\n乙\n丙\n')).toEqual(lines);
    expect(await linesOf('')).toEqual([]);
    expect(await linesOf('甲\n\uFEFF乙')).toEqual([
      [1, '甲'],
      [2, '\uFEFF乙'],
    ]);
  });

  it('stay whole where a chunk of the file ends inside a character', async () => {
    const expected = Array.from({ length: 20_000 }, (_, index) => `${index}枫桥`);
    const read = await linesOf(expected.join('\n'));
    expect(read).toEqual(expected.map((line, index) => [index + 1, line]));
  });

  it('are cut when they are longer than a row may be, and those after them are not', async () => {
    const read = await linesOf(`${'a'.repeat(3_000_000)}\nb\n${'c'.repeat(MAX_LINE_CHARS)}\nd`);
    expect(read.map(([number, line]) => [number, line.length])).toEqual([
      [1, MAX_LINE_CHARS + 1],
      [2, 1],
      [3, MAX_LINE_CHARS],
      [4, 1],
    ]);
  });
});
