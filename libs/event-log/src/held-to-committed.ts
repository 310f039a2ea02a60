import type { Hash } from '#libs/transparency';
import { LogDamaged } from './faults.js';
import type { LogFile } from './log-file.js';
import type { Committed } from './log-signer.js';
import { storedEdge } from './stored-tree.js';

/** Why a log of `head` events may not go on from what it has signed; undefined when it may. */
export function brokenCommitment(
  file: LogFile,
  head: number,
  { size, root }: Committed,
): string | undefined {
  if (head < size) {
    return (
      `it ends at ${head} events, but has signed ${size}: put back the newer log.db, ` +
      'or declare the loss with npm run recover'
    );
  }
  if (rootAt(file, size) === root) return undefined;
  return `its first ${size} events are not those that it has signed: run npm run auditor -- verify`;
}

function rootAt(file: LogFile, size: number): Hash | undefined {
  try {
    return storedEdge(file, size).root();
  } catch (error) {
    if (error instanceof LogDamaged) return undefined;
    throw error;
  }
}
