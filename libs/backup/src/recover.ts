import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { logEvents, type LogOwnEvent } from '#libs/contracts';
import { derivedId, openSqliteCheckpoints } from '#libs/event-bus';
import {
  LogSigner,
  openSignedCheckpoints,
  openSigningKey,
  openSqliteLog,
  plainFingerprints,
  type RecoveryEpoch,
  type SignedCheckpoints,
} from '#libs/event-log';
import { hashToBase64, noteSigner } from '#libs/transparency';
import { viewsPosition } from '#libs/views';
import { begunRecovery } from './begun-recovery.js';
import { alone, servicesIn } from './folders.js';
import { mustHaveKey, openFirstEpoch } from './recovery-key.js';
import { BackupRefused } from './refused.js';
import { whatWasLost } from './what-was-lost.js';

export interface RecoverOptions {
  readonly dataDir: string;
  readonly service: string;
  /** `INSTALLATION/SERVICE`: the first name of a log whose checkpoints are gone. */
  readonly name: string;
  /** Why, in words for an auditor; it goes into the log. */
  readonly reason: string;
  /** A signed note of the log from elsewhere. */
  readonly against?: string | undefined;
  /** Whether the signing key is gone for good. */
  readonly newKey: boolean;
  /** RFC 3339. */
  readonly now: () => string;
  /** Hears what is being done, a line at a time. */
  readonly tell: (line: string) => void;
}

/** A loss that is found out, and that has its epoch. */
interface Declared {
  readonly epoch: RecoveryEpoch;
  readonly lost: Pick<Extract<LogOwnEvent, { type: 'LogRecovered' }>, 'lostSize' | 'lostRoot'>;
  /** The events before this position are those that everybody knows. */
  readonly known: number;
}

/**
 * Lets a log go on that has lost events which it had signed, or which others had heard of: under
 * another name, so that nobody takes what it signs for a continuation; with the loss recorded as an
 * event under its tree; and with nothing left of the services' knowledge that goes beyond it. A
 * recovery that was cut short is taken up where it ended.
 *
 * @returns the epoch that it has opened
 * @throws BackupRefused when nothing is lost; LogDamaged, DataDirInUse
 */
export async function recover(options: RecoverOptions): Promise<RecoveryEpoch> {
  const { dataDir, service } = options;
  const services = servicesIn(dataDir);
  if (!services.includes(service)) {
    throw new BackupRefused(`--service must be one that has a log: ${services.join(', ')}`);
  }
  return alone(dataDir, services, async () => {
    const dir = join(dataDir, service);
    const checkpoints = openSignedCheckpoints(dir);
    try {
      const declared = takenUp(options, checkpoints) ?? declareLoss(options, checkpoints);
      for (const name of derivedFiles(dir)) rmSync(join(dir, name));
      rewind(options, declared);
      await recordLoss(options, checkpoints, declared);
      return declared.epoch;
    } finally {
      checkpoints.close();
    }
  });
}

/** An epoch that has signed nothing: its recovery did not come to its end. */
function takenUp(
  { dataDir, service, newKey, tell }: RecoverOptions,
  checkpoints: SignedCheckpoints,
): Declared | undefined {
  const dir = join(dataDir, service);
  const begun = begunRecovery(dir, checkpoints, newKey);
  if (begun === undefined) return undefined;
  mustHaveKey(dir, checkpoints.epochs(), false);
  tell(`${service}: goes on with its recovery of ${begun.epoch.openedAt}`);
  return { ...begun, known: 0 };
}

/** Finds out what is gone and opens the epoch; until that is done nothing is changed. */
function declareLoss(options: RecoverOptions, checkpoints: SignedCheckpoints): Declared {
  const { dataDir, service, name, reason, against, newKey, now, tell } = options;
  const dir = join(dataDir, service);
  const openedAt = now();
  mustHaveKey(dir, checkpoints.epochs(), newKey);
  if (checkpoints.epochs().length === 0) openFirstEpoch(dir, checkpoints, { name, openedAt });
  const heard = Math.max(viewsPosition(dir), ...positionsHeard(dataDir, service));
  const loss = whatWasLost({ dir, service, checkpoints, against, heard, newKey });
  const { size } = loss.head;
  tell(`${service}: holds ${size} events, whole as far as they go; ${loss.lost.size} are known of`);
  if (loss.vouched < size) {
    tell(
      `${service}: events ${loss.vouched} to ${size - 1} were under no checkpoint that is kept: ` +
        'nothing tells whether they are what was recorded',
    );
  }
  const number = loss.newestEpoch + 1;
  const origin = `${checkpoints.epochs()[0]?.origin}/epoch-${number}`;
  const { vkey } = noteSigner(origin, openSigningKey(dir));
  const epoch = { epoch: number, origin, vkey, size, reason, lostNote: loss.lost.note, openedAt };
  checkpoints.openEpoch(epoch);
  const lostRoot = loss.lost.root === null ? null : hashToBase64(loss.lost.root);
  return { epoch, lost: { lostSize: loss.lost.size, lostRoot }, known: loss.known };
}

function derivedFiles(dir: string): readonly string[] {
  return readdirSync(dir).filter((name) => /^(?:views-.*|index)\.db(?:-\w+)?$/.test(name));
}

function positionsHeard(dataDir: string, origin: string): readonly number[] {
  return servicesIn(dataDir).map((service) => {
    const handled = openSqliteCheckpoints(join(dataDir, service));
    const position = handled.load(origin);
    handled.close();
    return position;
  });
}

/**
 * What comes at the lost positions is new to everybody, also to who has handled what was there. To
 * hear an event again has no effect.
 */
function rewind({ dataDir, service: origin, tell }: RecoverOptions, { known }: Declared): void {
  for (const service of servicesIn(dataDir)) {
    const handled = openSqliteCheckpoints(join(dataDir, service));
    const position = handled.load(origin);
    if (position > known) {
      handled.save(origin, known);
      tell(`${service}: hears ${origin} again from event ${known} on; it had handled ${position}`);
    }
    handled.close();
  }
}

/** The log says of itself what it has lost, and signs it. */
async function recordLoss(
  { dataDir, service, now }: RecoverOptions,
  checkpoints: SignedCheckpoints,
  { epoch, lost }: Declared,
): Promise<void> {
  const { epoch: number, origin, reason, openedAt: at } = epoch;
  const recovered = { type: 'LogRecovered', epoch: number, origin, reason, ...lost, at };
  const dir = join(dataDir, service);
  const log = openSqliteLog(dir, { origin: service, events: logEvents, now });
  try {
    await log.append({
      // The same when the recovery is taken up again: it is recorded once.
      commandId: derivedId(at, `${origin} LogRecovered`),
      actor: `service:${service}`,
      fingerprint: plainFingerprints.of(origin, []) ?? '',
      reads: [],
      writes: [{ stream: `log-${service}`, events: [recovered] }],
    });
    const signer = noteSigner(origin, openSigningKey(dir));
    await new LogSigner(log, checkpoints, signer, number).sign();
  } finally {
    await log.close();
  }
}
