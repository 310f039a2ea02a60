import { mkdirSync } from 'node:fs';
import { SystemClock } from '#libs/scheduler';
import { noteSigner, openCheckpoint, parseVerifierKey } from '#libs/transparency';
import type { EventLog } from './event-log.js';
import { type Committed, LogSigner } from './log-signer.js';
import {
  openSignedCheckpoints,
  type RecoveryEpoch,
  type SignedCheckpoints,
} from './signed-checkpoints.js';
import { hasSigningKey, openSigningKey } from './signing-key.js';
import { openSqliteLog, type SqliteLog, type SqliteLogOptions } from './sqlite-log.js';

export const SIGN_EVERY_MS = 1_000;

export interface SignedLogOptions extends SqliteLogOptions {
  /** The log's name in its checkpoints: `<installation>/<service>`. */
  readonly name: string;
}

/** 签名日志: a service's log that signs, at most every second, what it has recorded. */
export interface SignedLog {
  readonly log: EventLog;
  /** Its name in its checkpoints since the last recovery. */
  readonly name: string;
  /** 1 until its first recovery. */
  readonly epoch: number;
  /** The public key to check its checkpoints with, as c2sp.org/signed-note writes it. */
  readonly vkey: string;
  /** The newest note signed under that name; undefined before the first. */
  checkpoint(): string | undefined;
  /** Signs the log as it is now, if this is the process that signs. */
  sign(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the log in `dir` with its signing key and its checkpoints. A log that is shorter than it
 * has signed, or other than it has signed, or whose key is gone, is read-only and says why.
 */
export function openSignedLog(dir: string, options: SignedLogOptions): SignedLog {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const checkpoints = openSignedCheckpoints(dir);
  try {
    const epoch = checkpoints.epochs().at(-1) ?? firstEpoch(dir, checkpoints, options);
    const { committed, fault } = standing(dir, checkpoints, epoch, options.name);
    const log = openSqliteLog(dir, { ...options, ...(committed && { committed }) });
    if (fault !== undefined) log.closeForWriting(fault);
    return signing(dir, log, checkpoints, epoch, options);
  } catch (error) {
    checkpoints.close();
    throw error;
  }
}

function signing(
  dir: string,
  log: SqliteLog,
  checkpoints: SignedCheckpoints,
  { epoch, origin: name, vkey }: RecoveryEpoch,
  { onFault, scheduler = new SystemClock() }: SignedLogOptions,
): SignedLog {
  // Without its key a log is read-only already; a new key would speak for it without having been.
  const signer =
    log.readOnly === undefined
      ? new LogSigner(log, checkpoints, noteSigner(name, openSigningKey(dir)), epoch)
      : undefined;
  const sign = async (): Promise<void> => {
    if (log.leads && log.readOnly === undefined) await signer?.sign();
  };
  const stopSigning = scheduler.every(
    SIGN_EVERY_MS,
    () => void sign().catch((error) => onFault?.(error)),
  );
  return {
    log,
    name,
    epoch,
    vkey,
    checkpoint: () => {
      const newest = checkpoints.newest();
      return newest?.epoch === epoch ? newest.note : undefined;
    },
    sign,
    close: async () => {
      stopSigning();
      await log.drain();
      await sign().catch((error) => onFault?.(error));
      await log.close();
      checkpoints.close();
    },
  };
}

function firstEpoch(
  dir: string,
  checkpoints: SignedCheckpoints,
  { name, now }: SignedLogOptions,
): RecoveryEpoch {
  const { vkey } = noteSigner(name, openSigningKey(dir));
  const epoch = { epoch: 1, origin: name, vkey, size: 0, reason: null, lostNote: null };
  checkpoints.openEpoch({ ...epoch, openedAt: now() });
  // Another process may have been first: what it wrote holds for both.
  return checkpoints.epochs().at(-1) ?? { ...epoch, openedAt: now() };
}

/** What the log has committed to, and what keeps it from committing to more. */
export function standing(
  dir: string,
  checkpoints: Pick<SignedCheckpoints, 'epochs' | 'newest'>,
  { epoch, origin, vkey }: RecoveryEpoch,
  name: string,
): { readonly committed?: Committed; readonly fault?: string } {
  const [first] = checkpoints.epochs();
  if (first !== undefined && first.origin !== name) {
    return { fault: `it is the log of ${first.origin}, not of ${name}: INSTALLATION was changed` };
  }
  const fault = faultOfKey(dir, origin, vkey);
  if (fault !== undefined) return { fault };
  const newest = checkpoints.newest();
  if (newest?.epoch !== epoch) {
    // A recovery ends with a checkpoint of its own.
    return epoch === 1 ? {} : { fault: 'its recovery was not finished: run npm run recover again' };
  }
  try {
    return { committed: openCheckpoint(newest.note, [parseVerifierKey(vkey)]) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { fault: `its newest checkpoint is not its own: ${reason}` };
  }
}

function faultOfKey(dir: string, origin: string, vkey: string): string | undefined {
  if (!hasSigningKey(dir)) return 'its signing.key is gone: put it back, or recover with a new one';
  try {
    if (noteSigner(origin, openSigningKey(dir)).vkey === vkey) return undefined;
    return 'its signing.key is another than it has signed with: put the right one back';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `its signing.key cannot be read: put the right one back (${reason})`;
  }
}
