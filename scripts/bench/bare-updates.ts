import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readPointer } from '#libs/views';

const BATCHES = 60;
const BATCH = 1_000;
/** As many as `fillBenchLog` keeps open at once, and as far apart. */
const OPEN_ROWS = 2_000;
const STRIDE = 7_919;

/**
 * What SQLite alone takes for what a batch leaves in the views: as many rows, updated by a bare
 * statement whose values are ready, with the position behind them, in transactions of a thousand.
 * No log is read, nothing is folded and no JSON is made.
 *
 * @returns rows a second
 */
export function bareUpdates(dir: string): number {
  const generation = readPointer(dir)?.live ?? 0;
  const db = new DatabaseSync(join(dir, `views-${generation}.db`));
  db.exec(
    'PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000',
  );
  const rows = db
    .prepare(`SELECT id, row FROM view_notes ORDER BY id DESC LIMIT ${OPEN_ROWS}`)
    .all();
  const update = db.prepare('UPDATE view_notes SET row = ?, position = ?, since = ? WHERE id = ?');
  const move = db.prepare('UPDATE applied SET position = ?');
  const started = performance.now();
  for (let turn = 0; turn < BATCHES * BATCH; turn += 1) {
    if (turn % BATCH === 0) db.exec('BEGIN IMMEDIATE');
    const { id = 0 } = rows[(turn * STRIDE) % rows.length] ?? {};
    const { row = '' } = rows[(turn * 3) % rows.length] ?? {};
    update.run(row, turn, turn, id);
    if (turn % BATCH < BATCH - 1) continue;
    move.run(turn);
    db.exec('COMMIT');
  }
  const perSecond = (BATCHES * BATCH * 1000) / (performance.now() - started);
  db.close();
  return perSecond;
}
