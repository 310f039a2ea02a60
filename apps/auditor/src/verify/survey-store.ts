import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  openStoredCheckpoints,
  openStoredEvents,
  openStoredIndex,
  schemaDifferences,
  type StoredCheckpoints,
  type StoredEvents,
} from '#libs/stored-log';
import { TILE_WIDTH, verifierKey } from '#libs/transparency';
import { CannotRun } from '../command.js';
import { codeOf } from '../fault-code.js';
import { HEAD_MAX, type SignedRoot } from './chunk.js';
import { type Epoch, readEpochs } from './epochs.js';
import type { Findings } from './findings.js';
import { openedNote, noteName } from './open-notes.js';
import type { Survey } from './survey.js';

const STORE_FORMAT = 2;

/** Looks over a service's folder; what is out of place in its files is a finding. */
export function surveyStore(dir: string, findings: Findings): Survey {
  // What was signed is read before the log: then the log holds all of it, also while it is written.
  const checkpoints = openStoredCheckpoints(dir);
  checkpoints?.freeze();
  const events = openStoredEvents(dir);
  try {
    tellSchema('log.db', events.db, findings);
    if (checkpoints !== undefined) tellSchema('checkpoints.db', checkpoints.db, findings);
    const epochs = readEpochs(checkpoints?.epochs() ?? [], findings);
    const head = headOf(events, findings);
    const { signed, noteCount } = oddNotes(checkpoints, epochs, head, findings);
    checkSigningKey(dir, epochs, findings);
    return { head, epochs, signed, noteCount };
  } finally {
    events.close();
    checkpoints?.close();
  }
}

/** What the index's file is made of. */
export function surveyIndex(dir: string, findings: Findings): void {
  const index = openStoredIndex(dir);
  if (index === undefined) return;
  tellSchema('index.db', index.db, findings);
  index.close();
}

function tellSchema(
  file: 'log.db' | 'checkpoints.db' | 'index.db',
  db: StoredEvents['db'],
  findings: Findings,
): void {
  for (const { kind, statement } of schemaDifferences(file, db)) {
    const told = kind === 'missing' ? 'lacks' : 'has what no log has';
    findings.manipulation(file, `${told}: ${statement}`);
  }
}

function headOf(events: StoredEvents, findings: Findings): number {
  const { format, head, strays } = events.extent();
  if (format > STORE_FORMAT) {
    throw new CannotRun(`log.db has store format ${format}: run the version that wrote it`);
  }
  if (format < STORE_FORMAT) {
    findings.manipulation('log.db', `says that it has store format ${format}, not ${STORE_FORMAT}`);
  }
  if (head > HEAD_MAX) throw new CannotRun(`a log of ${head} entries is more than can be checked`);
  for (const position of strays) {
    findings.manipulation(`event row ${position}`, 'lies where no event of this log can be');
  }
  for (const id of events.strayTiles(fullTiles(head))) {
    findings.manipulation(`tile row ${id}`, 'lies where no tile of this log can be');
  }
  return head;
}

/** Full tiles at each level over so many entries. */
function fullTiles(head: number): readonly number[] {
  const counts: number[] = [];
  for (let nodes = head; nodes >= TILE_WIDTH;) {
    nodes = Math.floor(nodes / TILE_WIDTH);
    counts.push(nodes);
  }
  return counts;
}

/** Notes of no epoch, or over no entry that is there: the latter tell of a log that was longer. */
function oddNotes(
  checkpoints: StoredCheckpoints | undefined,
  epochs: readonly Epoch[],
  head: number,
  findings: Findings,
): Pick<Survey, 'signed' | 'noteCount'> {
  const odd = checkpoints?.odd(head) ?? [];
  const signed: SignedRoot[] = [];
  for (const note of odd) {
    const epoch = epochs.find((each) => each.epoch === note.epoch);
    const opened = epoch === undefined ? 'is of no epoch' : openedNote(note, epoch.vkey);
    if (typeof opened !== 'string' && note.size > 0) signed.push(opened);
    else
      findings.manipulation(noteName(note), typeof opened === 'string' ? opened : 'signs nothing');
  }
  return { signed, noteCount: odd.length };
}

/** Where the key lies beside its log, as it does on the machine that signs. */
function checkSigningKey(dir: string, epochs: readonly Epoch[], findings: Findings): void {
  const path = join(dir, 'signing.key');
  const newest = epochs.at(-1);
  if (newest === undefined || !existsSync(path)) return;
  try {
    if (verifierKey(newest.origin, createPublicKey(readFileSync(path))) === newest.vkey) return;
    findings.manipulation('signing.key', `is not the key of ${newest.origin} in checkpoints.db`);
  } catch (error) {
    // Whoever may not read the key is no less an auditor for that.
    if (codeOf(error) !== 'EACCES') throw error;
  }
}
