import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly } from '#libs/stored-log';

/**
 * How many events the views in `dir` hold, whichever version made them; 0 when there are none.
 * Nobody may be using them: it is asked of a service that does not run.
 */
export function viewsPosition(dir: string): number {
  const names = existsSync(dir) ? readdirSync(dir) : [];
  const files = names.filter((name) => /^views-\w+\.db$/.test(name));
  return Math.max(0, ...files.map((file) => positionIn(join(dir, file))));
}

function positionIn(path: string): number {
  const db = openReadOnly(path);
  try {
    return Number(db.prepare('SELECT position FROM applied').get()?.['position'] ?? 0);
  } finally {
    db.close();
  }
}
