import {
  formatOf,
  openStoredCheckpoints,
  openStoredEvents,
  openStoredIndex,
  schemaDifferences,
  STORE_FORMATS,
  type StoredCheckpoints,
  type StoredEvents,
} from '#libs/stored-log';
import { TILE_WIDTH } from '#libs/transparency';
import { CannotRun } from '../command.js';
import { HEAD_MAX, type SignedRoot } from './chunk.js';
import { type Epoch, readEpochs } from './epochs.js';
import type { Findings } from './findings.js';
import { openedNote, noteName } from './open-notes.js';
import { checkSigningKey } from './signing-key.js';
import type { Survey } from './survey.js';

/** Looks over a service's folder; what is out of place in its files is a finding. */
export function surveyStore(dir: string, findings: Findings): Survey {
  // What was signed is read before the log: then the log holds all of it, also while it is written.
  const checkpoints = openStoredCheckpoints(dir);
  checkpoints?.freeze();
  const events = openStoredEvents(dir);
  try {
    checkFile('log.db', events.db, findings);
    if (checkpoints !== undefined) checkFile('checkpoints.db', checkpoints.db, findings);
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
  const format = formatOf(index.db);
  if (format !== STORE_FORMATS['index.db']) {
    const told = `says that it has format ${format}, not ${STORE_FORMATS['index.db']}`;
    findings.manipulation('index.db', `${told}: delete it, it is made anew`);
  }
  tellSchema('index.db', index.db, findings);
  index.close();
}

/** @throws CannotRun when a newer version has written it: nothing here knows how to read it */
function checkFile(
  file: 'log.db' | 'checkpoints.db',
  db: StoredEvents['db'],
  findings: Findings,
): void {
  const format = formatOf(db);
  const known = STORE_FORMATS[file];
  if (format > known) {
    throw new CannotRun(`${file} has store format ${format}: run the version that wrote it`);
  }
  if (format < known) {
    findings.manipulation(file, `says that it has store format ${format}, not ${known}`);
  }
  tellSchema(file, db, findings);
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
  const { head, strays } = events.extent();
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
