import {
  type Committed,
  hasSigningKey,
  keptCheckpoints,
  lastSigned,
  LogDamaged,
  openSigningKey,
  type SignedCheckpoints,
} from '#libs/event-log';
import { type Hash, noteSigner, openCheckpoint, parseVerifierKey } from '#libs/transparency';
import { checkedLog } from './checked-log.js';
import { BackupRefused } from './refused.js';

/** What a log is known to have had. */
export interface Known {
  readonly epoch: number;
  readonly size: number;
  /** Null when others only count its events. */
  readonly root: Hash | null;
  readonly note: string | null;
}

export interface Examination {
  readonly dir: string;
  readonly service: string;
  /** They know at least one epoch. */
  readonly checkpoints: SignedCheckpoints;
  /** A signed note of this log that was published or kept elsewhere. */
  readonly against: string | undefined;
  /** The most of its events that anything else here has heard of. */
  readonly heard: number;
  /** The signing key is gone, which takes another name too. */
  readonly newKey: boolean;
}

export interface Loss {
  /** Where the log ends now. */
  readonly head: Committed;
  /** The events before this position are what was signed; nothing tells of those that follow. */
  readonly vouched: number;
  readonly lost: Known;
  /** Counts the names that it is known to have had. */
  readonly newestEpoch: number;
  /**
   * The events before this position are those that everybody knows. Once it has signed more than it
   * holds, a log records nothing; what else shows a loss does not tell what was recorded since.
   */
  readonly known: number;
}

/**
 * What a log has lost: it must be whole as far as it goes, and end before what it has signed or what
 * others have of it, or be another than a note from elsewhere says.
 *
 * @throws BackupRefused when it is whole and nothing is known to be missing
 * @throws LogDamaged when it is not what was signed here: that is no loss, but an alteration
 */
export function whatWasLost(examination: Examination): Loss {
  const { dir, service, checkpoints, heard, newKey } = examination;
  let vouched = 0;
  const head = checkedLog(
    dir,
    noted(keptCheckpoints(checkpoints), (size) => (vouched = size)),
  );
  const here: Known | undefined = lastSigned(checkpoints);
  const elsewhere = signedElsewhere(examination);
  const epoch = Math.max(epochNow(checkpoints), elsewhere?.epoch ?? 0);
  const counted: Known = { epoch, size: heard, root: null, note: here?.note ?? null };
  const isShort = (here?.size ?? 0) > head.size;
  const isOther = elsewhere !== undefined && isGone(examination, elsewhere, head);
  const gone = [isOther && elsewhere, isShort && here, heard > head.size && counted]
    .filter((each) => each !== false && each !== undefined)
    .toSorted(laterFirst);
  const lost = gone[0] ?? (newKey ? (here ?? counted) : undefined);
  const known = gone.length === 0 || (isShort && !isOther) ? head.size : 0;
  if (lost !== undefined) return { head, vouched, lost, newestEpoch: epoch, known };
  throw new BackupRefused(
    `${service} holds all that it is known to have had, ${head.size} events: there is nothing to ` +
      'recover; if more was published, name the note with --against NOTE-FILE',
  );
}

/** Tells of each size once the next is asked for: the log has the root that was signed there. */
function* noted(signed: Iterable<Committed>, onHeld: (size: number) => void): Iterable<Committed> {
  for (const each of signed) {
    yield each;
    onHeld(each.size);
  }
}

/** A signed note that was published or kept elsewhere, in an epoch that may be unknown here. */
function signedElsewhere(examination: Examination): (Known & Committed) | undefined {
  const { against, dir, service, checkpoints } = examination;
  if (against === undefined) return undefined;
  const origin = against.split('\n', 1)[0] ?? '';
  const first = checkpoints.epochs()[0]?.origin ?? '';
  const [, number] = /^\/epoch-([1-9]\d{0,8})$/.exec(origin.slice(first.length)) ?? [];
  if (origin !== first && !(origin.startsWith(first) && number !== undefined)) {
    throw new BackupRefused(`the note is of ${origin}, and the log of ${service} is ${first}`);
  }
  const own = checkpoints.epochs().find((each) => each.origin === origin)?.vkey;
  // An epoch that was lost with the rest had the key that is still here.
  const vkey = own ?? (hasSigningKey(dir) && noteSigner(origin, openSigningKey(dir)).vkey);
  if (vkey === false)
    throw new BackupRefused(`without signing.key the note of ${origin} cannot be checked`);
  const { size, root } = openCheckpoint(against, [parseVerifierKey(vkey)]);
  return { epoch: Number(number ?? 1), size, root, note: against };
}

/** Whether the log lacks what a note from elsewhere says, and that was not declared before. */
function isGone(
  { dir, checkpoints }: Examination,
  known: Known & Committed,
  head: Committed,
): boolean {
  if (known.epoch > epochNow(checkpoints) || known.size > head.size)
    return !isDeclared(checkpoints, known);
  try {
    checkedLog(dir, [known]);
    return false;
  } catch (error) {
    // The log itself is whole: its first events are others than those of the note.
    if (error instanceof LogDamaged) return !isDeclared(checkpoints, known);
    throw error;
  }
}

/** What a recovery has cut off already is not lost once more. */
function isDeclared(checkpoints: SignedCheckpoints, { epoch, size }: Known): boolean {
  return checkpoints.epochs().some((each) => each.epoch > epoch && each.size < size);
}

/** Of two signed notes the later one says more; a mere count says least. */
function laterFirst(one: Known, other: Known): number {
  const [signed, otherSigned] = [one, other].map(({ root }) => Number(root !== null));
  return (otherSigned ?? 0) - (signed ?? 0) || other.epoch - one.epoch || other.size - one.size;
}

function epochNow(checkpoints: SignedCheckpoints): number {
  return checkpoints.epochs().at(-1)?.epoch ?? 0;
}
