import { readdirSync } from 'node:fs';
import { openStoredCheckpoints } from '#libs/stored-log';
import { storeFilesAmong } from '../sources/log-place.js';
import { claimIn, type Witnessed } from './against.js';
import type { Findings } from './findings.js';

/**
 * Tells of a service's folder that has no `log.db`. That is a manipulation where something says that
 * events were there, and else a gap: the log may not have been begun.
 */
export function tellMissingLog(
  dir: string,
  against: readonly Witnessed[],
  findings: Findings,
): void {
  const signed = signedSize(dir);
  const witnessed = Math.max(0, ...against.map(({ place, note }) => claimIn(place, note).size));
  if (signed > 0) {
    findings.manipulation(
      'log.db',
      `is missing, and had ${signed} entries when it was signed last`,
    );
  } else if (against.length > 0) {
    const told = `is missing, and had ${witnessed} entries by the note that was named with --against`;
    findings.manipulation('log.db', told);
  } else {
    const [other = ''] = storeFilesAmong(readdirSync(dir));
    findings.gap('log.db', `is missing, though ${other} is there`);
  }
}

function signedSize(dir: string): number {
  const checkpoints = openStoredCheckpoints(dir);
  try {
    return checkpoints?.newestSize() ?? 0;
  } finally {
    checkpoints?.close();
  }
}
