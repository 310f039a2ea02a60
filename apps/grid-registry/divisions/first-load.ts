import { fileURLToPath } from 'node:url';
import { type AreaCode } from '#libs/contracts';
import type { AreaService } from '../src/area.service.js';
import { readDivisionFile } from './division-rows.js';
import { loadRows } from './load-divisions.js';
import type { ProgressStream } from './progress-line.js';

/** The prefecture of the committed data file: Shaoyang. */
const ROOT = '4305' as AreaCode;
const FILE = fileURLToPath(new URL(`./${ROOT}.csv`, import.meta.url));
/** What the committed file holds; its spec checks that. */
const ROWS = 3894;

/**
 * Loads the areas of Shaoyang unless some areas were loaded to the end before; a first load that
 * was cut short goes on where it stopped.
 */
export async function loadFirstAreas(areas: AreaService, stream: ProgressStream): Promise<void> {
  if (await areas.hasLoaded()) return;
  const source = `${ROOT}.csv`;
  const rows = readDivisionFile(FILE, { source });
  const said = await loadRows(areas, rows, { root: ROOT, total: ROWS, source, stream });
  stream.write(`${said}\n`);
}
