import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the data folder, for its owner only. One level at a time: a recursive mkdir never ends
 * where a file system makes no folders at all, as under /proc.
 */
export function makeDataDir(path: string): void {
  const missing: string[] = [];
  for (let each = path; !existsSync(each); each = dirname(each)) missing.push(each);
  for (const each of missing.toReversed()) mkdirSync(each, { mode: 0o700 });
}
