import {
  CheckpointInvalid,
  NoteInvalid,
  type NoteVerifier,
  openCheckpoint,
  parseVerifierKey,
} from '#libs/transparency';
import type { Chunk, SignedRoot } from './chunk.js';
import type { Findings } from './findings.js';
import type { KeptNote } from './leaf-reader.js';

const verifiers = new Map<string, NoteVerifier>();

/** Opens kept notes with the keys of their epochs; what is not what its log signed is a finding. */
export function openNotes(
  kept: readonly KeptNote[],
  keys: Chunk['keys'],
  findings: Findings,
): readonly SignedRoot[] {
  return kept.flatMap((each) => {
    const vkey = keys.find(({ epoch }) => epoch === each.epoch)?.vkey ?? '';
    const opened = openedNote(each, vkey);
    if (typeof opened !== 'string') return [opened];
    findings.manipulation(noteName(each), opened);
    return [];
  });
}

/** What a kept note signs, or what is wrong with it. */
export function openedNote({ epoch, size, note }: KeptNote, vkey: string): SignedRoot | string {
  if (typeof note !== 'string') return 'is no text';
  try {
    const signed = openCheckpoint(note, [verifierOf(vkey)]);
    if (signed.size !== size) return `is kept as of ${size} entries, but signs ${signed.size}`;
    return { epoch, size, root: signed.root };
  } catch (error) {
    if (error instanceof NoteInvalid || error instanceof CheckpointInvalid) return error.message;
    throw error;
  }
}

export function noteName({
  epoch,
  size,
}: {
  readonly epoch: number;
  readonly size: number;
}): string {
  return `checkpoint of ${size} entries${epoch === 1 ? '' : ` in epoch ${epoch}`}`;
}

/** Making a key object costs as much as checking a signature. */
function verifierOf(vkey: string): NoteVerifier {
  const known = verifiers.get(vkey);
  if (known !== undefined) return known;
  const verifier = parseVerifierKey(vkey);
  verifiers.set(vkey, verifier);
  return verifier;
}
