import { CheckpointInvalid, NoteInvalid } from '#libs/transparency';
import { CannotRun } from '../command.js';
import type { Published } from '../sources/published-files.js';
import { claimOf } from '../sources/published-source.js';
import type { SignedRoot } from './chunk.js';
import { type Epoch, readEpochs } from './epochs.js';
import type { Findings } from './findings.js';
import { openedNote } from './open-notes.js';
import type { Survey } from './survey.js';

const NO_DATE = new Date(0).toISOString();

/**
 * Looks over an export or an address: it has one checkpoint, and one key unless that was given.
 *
 * @throws CannotRun when it has no checkpoint, or no key is known
 */
export async function surveyPublished(
  { place, read }: Published,
  pinned: readonly string[],
  findings: Findings,
): Promise<Survey> {
  const note = (await read('checkpoint'))?.toString('utf8');
  if (note === undefined)
    throw new CannotRun(`${place} shows no checkpoint: it has signed nothing`);
  const shown = (await read('vkey'))?.toString('utf8').trim();
  const vkey = shown ?? namedKey(note, pinned);
  if (vkey === undefined) throw new CannotRun(`${place} shows no vkey: name it with --vkey`);
  const epochs = readEpochs([onlyEpoch(vkey)], findings);
  const [epoch] = epochs;
  const signed = epoch && signedBy(note, vkey, findings);
  return { head: signed?.size ?? 0, epochs, signed: signed ? [signed] : [], noteCount: 1 };
}

/** Of several that are named, the one with the log's present name; a recovery has changed that. */
function namedKey(note: string, pinned: readonly string[]): string | undefined {
  const [origin = ''] = note.split('\n', 1);
  return pinned.find((vkey) => vkey.startsWith(`${origin}+`)) ?? pinned[0];
}

function onlyEpoch(vkey: string): Epoch {
  const [origin = ''] = vkey.split('+');
  return { epoch: 1, origin, vkey, size: 0, reason: null, lostNote: null, openedAt: NO_DATE };
}

/** A note that is not signed does not say how much there is to check. */
function signedBy(note: string, vkey: string, findings: Findings): SignedRoot | undefined {
  try {
    const opened = openedNote({ epoch: 1, size: claimOf(note).size, note }, vkey);
    if (typeof opened !== 'string') return opened;
    findings.manipulation('checkpoint', opened);
  } catch (error) {
    if (!(error instanceof NoteInvalid || error instanceof CheckpointInvalid)) throw error;
    findings.manipulation('checkpoint', error.message);
  }
  return undefined;
}
