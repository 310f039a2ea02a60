import { LogDamaged, type RecoveryEpoch, type SignedCheckpoints } from '#libs/event-log';
import { openCheckpoint, parseVerifierKey } from '#libs/transparency';

/**
 * The epochs that a log remembers, found to be one history: nobody signs the list, so that whoever
 * can write to it could put an epoch of their own into it, under whose cover the log was altered.
 * Each epoch but the newest, whose recovery may have been cut short, has signed what it began with;
 * and a key that was given up is never taken up again, since a new one is made only when the one
 * before is gone for good.
 *
 * @throws LogDamaged that says which epoch no recovery has made
 */
export function oneHistory(checkpoints: SignedCheckpoints): readonly RecoveryEpoch[] {
  const epochs = checkpoints.epochs();
  const signed = signedEpochs(checkpoints, epochs);
  for (const [index, epoch] of epochs.entries()) {
    const before = epochs.slice(0, index);
    const isNewest = index === epochs.length - 1;
    if (!isNewest && epoch.epoch > 1 && !signed.has(epoch.epoch)) {
      throw made(epoch, 'has signed nothing, though another came after it');
    }
    const isReturned =
      before.some(({ vkey }) => isSameKey(vkey, epoch.vkey)) &&
      !isSameKey(before.at(-1)?.vkey ?? '', epoch.vkey);
    if (isReturned) throw made(epoch, 'signs with a key that one before it had given up');
  }
  return epochs;
}

/** Whether two keys are the same but for the names in front of them, as `NAME+ID+KEY`. */
export function isSameKey(one: string, other: string): boolean {
  return publicKeyIn(one) === publicKeyIn(other);
}

function publicKeyIn(vkey: string): string {
  return vkey.split('+').slice(2).join('+');
}

/**
 * The numbers of the epochs that have signed more than they began with.
 *
 * @throws NoteInvalid, CheckpointInvalid when a note that would show it is not the epoch's own
 */
function signedEpochs(
  checkpoints: SignedCheckpoints,
  epochs: readonly RecoveryEpoch[],
): ReadonlySet<number> {
  const signed = new Set<number>();
  for (const { epoch, size, note } of checkpoints.all()) {
    const own = epochs.find((each) => each.epoch === epoch);
    if (own === undefined || signed.has(epoch) || size <= own.size) continue;
    openCheckpoint(note, [parseVerifierKey(own.vkey)]);
    signed.add(epoch);
  }
  return signed;
}

function made({ epoch }: RecoveryEpoch, why: string): LogDamaged {
  return new LogDamaged(
    `epoch ${epoch} in checkpoints.db ${why}: no recovery has made it; npm run auditor -- verify ` +
      'tells more; put a whole backup back',
  );
}
