import { decodeBase64, encodeBase64 } from './base64.js';
import type { NoteSigner, NoteVerifier } from './note-key.js';
import { NoteInvalid, isKeyName, isNoteText } from './note-text.js';

const DASH = '— ';
const KEY_ID_BYTES = 4;

/** More than the 16 that every verifier must take; a limit keeps strangers from making us work. */
const MAX_SIGNATURES = 100;

/** 签名: who signed; the key id is an unsigned 32-bit integer. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
}

/** A note that was opened: its text, and the known keys that signed it. */
export interface OpenedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

interface SignatureLine extends NoteSignature {
  readonly signature: Uint8Array;
}

/**
 * A text with its signatures (c2sp.org/signed-note, "Format").
 *
 * @param text ends with a newline
 * @throws NoteInvalid if the text cannot be a note's, or nobody signs
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  assertNote(text.endsWith('\n') && isNoteText(text), MALFORMED_TEXT);
  assertNote(signers.length > 0, 'nobody signs it');
  const lines = signers.map((signer) => signatureLine(signer, signer.sign(text)));
  return `${text}\n${lines.join('')}`;
}

/**
 * Checks a note against the keys that are known. Lines of other keys are ignored, also when they
 * share a name or an id with a known one (c2sp.org/signed-note, "Signatures").
 *
 * @throws NoteInvalid if it is malformed, if no known key signed it, or if the signature of a known
 * key is false
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, lines } = takeApart(note);
  const known = lines.flatMap((line) => {
    const verifier = verifiers.find(
      ({ name, keyId }) => name === line.name && keyId === line.keyId,
    );
    return verifier === undefined ? [] : [{ line, verifier }];
  });
  for (const { line, verifier } of known) {
    assertNote(verifier.verify(text, line.signature), `the signature of ${line.name} is false`);
  }
  assertNote(known.length > 0, 'no known key signed it');
  const signers = new Set(known.map(({ verifier }) => verifier));
  return { text, signatures: [...signers].map(({ name, keyId }) => ({ name, keyId })) };
}

const MALFORMED_TEXT = 'its text does not end with a newline, or has characters that no note has';

/** The last empty line separates: the text may have empty lines of its own. */
function takeApart(note: string): {
  readonly text: string;
  readonly lines: readonly SignatureLine[];
} {
  const end = note.lastIndexOf('\n\n') + 1;
  assertNote(isNoteText(note) && note.endsWith('\n'), MALFORMED_TEXT);
  assertNote(end > 0, 'no empty line separates its text from its signatures');
  const lines = note.slice(end + 1, -1).split('\n', MAX_SIGNATURES + 1);
  assertNote(lines.length <= MAX_SIGNATURES, `it has more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, end), lines: lines.map(parseLine) };
}

function parseLine(line: string): SignatureLine {
  const [name = '', base64 = '', ...more] = line.slice(DASH.length).split(' ');
  const bytes = decodeBase64(base64);
  const isLine = line.startsWith(DASH) && isKeyName(name) && more.length === 0;
  assertNote(isLine, 'a signature line is not a dash, a name and a signature');
  const isLongEnough = bytes !== undefined && bytes.length > KEY_ID_BYTES;
  assertNote(isLongEnough, 'a signature is not standard base64, or is too short');
  return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(KEY_ID_BYTES) };
}

function signatureLine({ name, keyId }: NoteSigner, signature: Uint8Array): string {
  const bytes = Buffer.alloc(KEY_ID_BYTES + signature.length);
  bytes.writeUInt32BE(keyId);
  bytes.set(signature, KEY_ID_BYTES);
  return `${DASH}${name} ${encodeBase64(bytes)}\n`;
}

function assertNote(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new NoteInvalid(reason);
}
