import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { verifierKey } from '#libs/transparency';
import { codeOf, messageOf } from '../fault-code.js';
import type { Epoch } from './epochs.js';
import type { Findings } from './findings.js';

/**
 * Holds the key that lies beside its log, as it does on the machine that signs, against the one that
 * its checkpoints are signed with. What is no key says nothing of the log, which is checked on.
 */
export function checkSigningKey(dir: string, epochs: readonly Epoch[], findings: Findings): void {
  const path = join(dir, 'signing.key');
  const newest = epochs.at(-1);
  if (newest === undefined || !existsSync(path)) return;
  const told = statSync(path).isDirectory()
    ? 'is no key that signs: it is a folder'
    : faultOf(path, newest);
  if (told !== undefined) findings.manipulation('signing.key', told);
}

function faultOf(path: string, newest: Epoch): string | undefined {
  const bytes = readable(path);
  if (bytes === undefined) return undefined;
  try {
    if (verifierKey(newest.origin, createPublicKey(bytes)) === newest.vkey) return undefined;
    return `is not the key of ${newest.origin} in checkpoints.db`;
  } catch (error) {
    return `is no key that signs: ${messageOf(error)}`;
  }
}

/** Whoever may not read the key is no less an auditor for that. */
function readable(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'EACCES') return undefined;
    throw error;
  }
}
