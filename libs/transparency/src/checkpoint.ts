import { parseDecimal } from './decimal.js';
import { type Hash, hashFromBase64, hashToBase64, isHash } from './hash.js';
import type { NoteSigner, NoteVerifier } from './note-key.js';
import { isNoteText } from './note-text.js';
import { type NoteSignature, openNote, signNote } from './note.js';

/** 检查点: what a log commits to: that it has `size` entries, and which. */
export interface Checkpoint {
  /** Which log it is; also the name of the key that it signs with. */
  readonly origin: string;
  /** Entries, a safe integer. */
  readonly size: number;
  readonly root: Hash;
  /** Further lines; c2sp.org/tlog-checkpoint advises against them. */
  readonly extensions?: readonly string[];
}

/** A checkpoint whose note was verified, and the known keys that signed it. */
export interface OpenedCheckpoint extends Required<Checkpoint> {
  readonly signatures: readonly NoteSignature[];
}

/** 检查点无效: the text is no checkpoint, or its log did not sign it. */
export class CheckpointInvalid extends Error {
  override readonly name = 'CheckpointInvalid';
  readonly code = 'CHECKPOINT_INVALID';

  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The checkpoint is not valid: ${reason}.`, options);
  }
}

/**
 * The text that is signed: origin, size, root, extensions, a line each (c2sp.org/tlog-checkpoint,
 * "Note text").
 *
 * @throws CheckpointInvalid if a value cannot stand on its line
 */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  assertCheckpoint(Number.isSafeInteger(size) && size >= 0, 'its size counts no entries');
  assertCheckpoint(isHash(root), 'its root is not a hash');
  assertCheckpoint([origin, ...extensions].every(isLine), 'a line is empty or is more than one');
  return [origin, size, hashToBase64(root), ...extensions, ''].join('\n');
}

/** @throws CheckpointInvalid if the text is not exactly as `formatCheckpoint` writes it */
export function parseCheckpoint(text: string): Required<Checkpoint> {
  assertCheckpoint(text.endsWith('\n'), 'its last line does not end');
  const [origin = '', digits = '', base64 = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = parseDecimal(digits);
  if (size === undefined) throw new CheckpointInvalid('its size is no decimal number below 2^53');
  assertCheckpoint([origin, ...extensions].every(isLine), 'a line is empty or malformed');
  return { origin, size, root: parseRoot(base64), extensions };
}

/**
 * A checkpoint as a note that its log signs. That it continues what the log signed before is for
 * the caller to prove: two that do not fit together are a fork, for all to see.
 *
 * @throws CheckpointInvalid if a value cannot stand on its line, or the signer has another name
 */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  assertCheckpoint(signer.name === checkpoint.origin, 'its signer is not named as its origin');
  return signNote(formatCheckpoint(checkpoint), [signer]);
}

/**
 * Opens a note and reads its checkpoint. The key named as the origin must be among those that are
 * known and signed, or any known witness could speak for any log.
 *
 * @throws NoteInvalid as `openNote`; CheckpointInvalid if the text is none, or its log did not sign
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): OpenedCheckpoint {
  const { text, signatures } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  const isSigned = signatures.some(({ name }) => name === checkpoint.origin);
  assertCheckpoint(isSigned, `no known key named ${checkpoint.origin} signed it`);
  return { ...checkpoint, signatures };
}

function parseRoot(base64: string): Hash {
  try {
    return hashFromBase64(base64);
  } catch (cause) {
    throw new CheckpointInvalid('its root is not 32 bytes in standard base64', { cause });
  }
}

function isLine(line: string): boolean {
  return line !== '' && !line.includes('\n') && isNoteText(line);
}

function assertCheckpoint(holds: boolean, reason: string): void {
  if (!holds) throw new CheckpointInvalid(reason);
}
