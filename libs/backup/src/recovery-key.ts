import {
  hasSigningKey,
  openSigningKey,
  type RecoveryEpoch,
  type SignedCheckpoints,
} from '#libs/event-log';
import { noteSigner } from '#libs/transparency';
import { BackupRefused } from './refused.js';

/**
 * An epoch signs with the key of the one before, unless that is gone and may be replaced.
 *
 * @param newKey whether the operator says that it is gone for good
 * @throws BackupRefused that says what to do
 */
export function mustHaveKey(dir: string, epochs: readonly RecoveryEpoch[], newKey: boolean): void {
  const before = epochs.at(-1);
  if (!hasSigningKey(dir)) {
    if (newKey && before !== undefined) return;
    throw new BackupRefused(
      before === undefined
        ? `${dir} has neither checkpoints nor a signing.key: put one of them back`
        : `${dir} has no signing.key: put it back, or add --new-key if it is gone for good`,
    );
  }
  if (newKey) {
    throw new BackupRefused(`${dir} has its signing.key, which is used on: leave --new-key out`);
  }
  if (before === undefined || isKeyOf(dir, before)) return;
  throw new BackupRefused(
    `the signing.key in ${dir} is not the one that it has signed with: put that one back, or ` +
      'remove this one and add --new-key if it is gone for good',
  );
}

function isKeyOf(dir: string, { origin, vkey }: RecoveryEpoch): boolean {
  try {
    return noteSigner(origin, openSigningKey(dir)).vkey === vkey;
  } catch {
    // What is no key at all is not the right one either.
    return false;
  }
}

/** The first epoch, for a log that has lost all memory of what it signed. */
export function openFirstEpoch(
  dir: string,
  checkpoints: SignedCheckpoints,
  { name, openedAt }: { readonly name: string; readonly openedAt: string },
): void {
  const { vkey } = noteSigner(name, openSigningKey(dir));
  const first = { epoch: 1, origin: name, vkey, size: 0, reason: null, lostNote: null, openedAt };
  checkpoints.openEpoch(first);
}
