import { decodeBase64, encodeBase64 } from './base64.js';
import { type OpenedCheckpoint, openCheckpoint } from './checkpoint.js';
import { parseDecimal } from './decimal.js';
import { type Hash, hashFromBase64, hashToBase64 } from './hash.js';
import type { NoteVerifier } from './note-key.js';
import { leafHash } from './rfc6962.js';
import { verifyInclusion } from './verify.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = 'index ';

/** 存证: that a log holds an entry, in one text that anyone can check without asking the log. */
export interface TlogProof {
  /** Of the entry, from 0. */
  readonly index: number;
  /** The inclusion proof, the leaf's sibling first. */
  readonly proof: readonly Hash[];
  /** The signed note, as the log issued it. */
  readonly checkpoint: string;
  /** Anything; nothing vouches for it. */
  readonly extra?: Uint8Array;
}

/** 存证无效: the proof is malformed, or proves nothing about this entry. */
export class ProofInvalid extends Error {
  override readonly name = 'ProofInvalid';
  readonly code = 'PROOF_INVALID';

  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The proof is not valid: ${reason}.`, options);
  }
}

/** What to check: a proof of an entry, or of its leaf hash, against the log's known keys. */
export type ProofCheck = {
  readonly proofText: string;
  readonly verifiers: readonly NoteVerifier[];
} & ({ readonly entry: Uint8Array } | { readonly leaf: Hash });

/** What a proof has shown: which log has the entry, where, and in how large a tree. */
export interface ProvenEntry {
  readonly origin: string;
  readonly index: number;
  readonly size: number;
}

/** The text of a proof (c2sp.org/tlog-proof, "Format"). Without extra data it has no such line. */
export function formatProof({ index, proof, checkpoint, extra }: TlogProof): string {
  const hasExtra = extra !== undefined && extra.length > 0;
  const opaque = hasExtra ? [`${EXTRA}${encodeBase64(extra)}`] : [];
  return [HEADER, ...opaque, `${INDEX}${index}`, ...proof.map(hashToBase64), '', checkpoint].join(
    '\n',
  );
}

/**
 * Reads the text of a proof, and checks nothing but its form.
 *
 * @throws ProofInvalid that says what is malformed
 */
export function parseProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  if (end < 0) throw new ProofInvalid('no empty line stands before a checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw new ProofInvalid(`it does not begin with ${HEADER}`);
  const extra = lines[0]?.startsWith(EXTRA) ? parseExtra(lines.shift()) : {};
  const [index, ...hashes] = lines;
  const checkpoint = text.slice(end + 2);
  return { index: parseIndex(index), proof: hashes.map(parseHash), checkpoint, ...extra };
}

/**
 * Checks that the log whose key is known has the entry.
 *
 * @throws ProofInvalid with the reason, and the fault of the checkpoint as its cause if it is that
 */
export function checkProof(check: ProofCheck): ProvenEntry {
  const { index, proof, checkpoint } = parseProof(check.proofText);
  const { origin, size, root } = open(checkpoint, check.verifiers);
  const leaf = 'leaf' in check ? check.leaf : leafHash(check.entry);
  if (!verifyInclusion({ leaf, index, size, proof, root })) {
    throw new ProofInvalid(`the entry is not number ${index} of ${size} entries of ${origin}`);
  }
  return { origin, index, size };
}

function open(checkpoint: string, verifiers: readonly NoteVerifier[]): OpenedCheckpoint {
  try {
    return openCheckpoint(checkpoint, verifiers);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProofInvalid(`its checkpoint was refused (${reason})`, { cause });
  }
}

function parseExtra(line = ''): { readonly extra: Uint8Array } {
  const extra = decodeBase64(line.slice(EXTRA.length));
  if (extra === undefined) throw new ProofInvalid('its extra data is not standard base64');
  return { extra };
}

function parseIndex(line = ''): number {
  const index = line.startsWith(INDEX) ? parseDecimal(line.slice(INDEX.length)) : undefined;
  if (index === undefined) throw new ProofInvalid('its index is no decimal number below 2^53');
  return index;
}

function parseHash(line: string): Hash {
  try {
    return hashFromBase64(line);
  } catch (cause) {
    throw new ProofInvalid('one of its hashes is not 32 bytes in standard base64', { cause });
  }
}
