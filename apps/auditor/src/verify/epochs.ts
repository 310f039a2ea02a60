import { createPublicKey } from 'node:crypto';
import type { StoredEpoch } from '#libs/stored-log';
import { NoteKeyInvalid, parseVerifierKey, verifierKey } from '#libs/transparency';
import type { Findings } from './findings.js';

/** 签名期: the name and the key that a log signed under, from one recovery to the next. */
export interface Epoch {
  readonly epoch: number;
  readonly origin: string;
  readonly vkey: string;
  /** Entries that the log held when it began. */
  readonly size: number;
  readonly reason: string | null;
  readonly lostNote: string | null;
  readonly openedAt: string;
}

/** The epochs that a store keeps; a row that cannot be one is a finding, and is left out. */
export function readEpochs(rows: readonly StoredEpoch[], findings: Findings): readonly Epoch[] {
  return rows.flatMap((row, index) => {
    const where = `epoch ${row.epoch}`;
    const fault = faultOf(row, index);
    if (fault !== undefined) findings.manipulation(where, fault);
    return isEpoch(row) && keyFault(row) === undefined ? [row] : [];
  });
}

function isEpoch(row: StoredEpoch): row is Epoch {
  const { origin, vkey, reason, lostNote, openedAt } = row;
  const texts = [origin, vkey, openedAt, reason ?? '', lostNote ?? ''];
  return texts.every((text) => typeof text === 'string');
}

function faultOf(row: StoredEpoch, index: number): string | undefined {
  if (!isEpoch(row)) return 'holds what is no text';
  const { epoch, size, reason, lostNote, openedAt } = row;
  const isFirst = index === 0;
  if (isFirst !== (epoch === 1)) return 'is not the first, or not the only first';
  if (isFirst && (size !== 0 || reason !== null || lostNote !== null)) {
    return 'tells of a recovery, though nothing was there to be recovered';
  }
  if (!isFirst && (reason === null || size < 0)) return 'tells of no recovery';
  if (!isTime(openedAt)) return `began at ${JSON.stringify(openedAt)}, which is no time`;
  return keyFault(row);
}

function isTime(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

function keyFault({ origin, vkey }: Epoch): string | undefined {
  try {
    const { name } = parseVerifierKey(vkey);
    return name === origin ? undefined : `its key is that of ${name}, but it signs as ${origin}`;
  } catch (error) {
    if (error instanceof NoteKeyInvalid) return error.message;
    throw error;
  }
}

/** The public key in a `NAME+ID+KEY`, which two names may share. */
export function publicKeyIn(vkey: string): string {
  return vkey.split('+').slice(2).join('+');
}

/** The same key under another name. */
export function renamedKey(vkey: string, origin: string): string {
  const raw = Buffer.from(publicKeyIn(vkey), 'base64').subarray(1);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return verifierKey(origin, createPublicKey({ key: jwk, format: 'jwk' }));
}
