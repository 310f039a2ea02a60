import { existsSync, readFileSync } from 'node:fs';
import { CannotRun } from '../command.js';
import { codeOf, messageOf } from '../fault-code.js';

/**
 * The bytes of a file that the command line names.
 *
 * @param what how it is named there: `--against monday.note`
 * @throws CannotRun that says what is in its place
 */
export function namedFile(path: string, what = path): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CannotRun(`${what} ${faultText(error)}`, { cause: error });
  }
}

/**
 * A key as text, or the name of a file that holds it, such as an exported `vkey`.
 *
 * @throws CannotRun when that cannot be read
 */
export function keyText(vkey: string): string {
  return existsSync(vkey) ? namedFile(vkey, `--vkey ${vkey}`).toString('utf8').trim() : vkey;
}

function faultText(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'is not there';
    case 'EISDIR':
      return 'is a folder, not a file';
    case 'EACCES':
      return 'cannot be read by this user';
    default:
      return `cannot be read: ${messageOf(error)}`;
  }
}
