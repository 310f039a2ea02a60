import { parseVerifierKey } from '#libs/transparency';
import { type Epoch, publicKeyIn } from './epochs.js';
import type { Findings } from './findings.js';

/**
 * The numbers of the epochs whose keys somebody vouches for: the auditor who names them, or else
 * the log's first key, from which no other follows. What another key signs excuses and protects
 * nothing: whoever can change the data can open an epoch with a key of their own.
 *
 * @param pinned keys as `NAME+ID+KEY`
 */
export function vouchedEpochs(
  epochs: readonly Epoch[],
  pinned: readonly string[],
): ReadonlySet<number> {
  const named = pinned.length > 0 ? pinned : epochs.slice(0, 1).map(({ vkey }) => vkey);
  const known = new Set(named.map(publicKeyIn));
  const vouched = epochs.filter(({ vkey }) => known.has(publicKeyIn(vkey)));
  return new Set(vouched.map(({ epoch }) => epoch));
}

/**
 * Holds the keys that the data names against those that the auditor has from elsewhere. Without
 * such a key whoever can change the data could also change the key in it.
 *
 * @param pinned keys as `NAME+ID+KEY`
 */
export function checkTrust(
  epochs: readonly Epoch[],
  pinned: readonly string[],
  findings: Findings,
): void {
  const newest = epochs.at(-1);
  if (newest === undefined) tellOfNoKey(pinned, findings);
  else if (pinned.length === 0) warnOfOwnKeys(epochs, newest, findings);
  else checkPinned(epochs, newest, pinned, findings);
}

/** Whoever names a key says that the log was signed. */
function tellOfNoKey(pinned: readonly string[], findings: Findings): void {
  if (pinned.length === 0) return;
  const told = 'none are kept: nothing here was signed with the key that was named with --vkey';
  findings.gap('checkpoints', told);
}

function warnOfOwnKeys(epochs: readonly Epoch[], newest: Epoch, findings: Findings): void {
  findings.notice(
    `key of ${newest.origin}`,
    'was taken from the data itself: compare it with the one you were given, or name that with --vkey',
  );
  for (const [index, { epoch, vkey }] of epochs.entries()) {
    const before = epochs[index - 1];
    if (before === undefined || publicKeyIn(before.vkey) === publicKeyIn(vkey)) continue;
    findings.gap(
      `epoch ${epoch}`,
      'signs with a new key, for which nothing here can vouch: ask for it, and name each key with --vkey',
    );
  }
}

function checkPinned(
  epochs: readonly Epoch[],
  newest: Epoch,
  pinned: readonly string[],
  findings: Findings,
): void {
  for (const vkey of pinned) {
    const { name } = parseVerifierKey(vkey);
    const own = epochs.find(({ origin }) => origin === name);
    if (own !== undefined && own.vkey !== vkey) {
      findings.manipulation(`key of ${name}`, 'is not the one that was named with --vkey');
    }
  }
  const vouched = vouchedEpochs(epochs, pinned);
  if (vouched.size === 0) {
    const told = 'is none of those that were named with --vkey';
    findings.manipulation(`key of ${newest.origin}`, told);
    return;
  }
  for (const { epoch } of epochs) {
    if (vouched.has(epoch)) continue;
    findings.gap(`epoch ${epoch}`, 'signs with a key that was not named with --vkey');
  }
}
