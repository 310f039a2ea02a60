import { parseVerifierKey } from '#libs/transparency';
import { type Epoch, publicKeyIn } from './epochs.js';
import type { Findings } from './findings.js';

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
  if (newest === undefined) return;
  if (pinned.length === 0) warnOfOwnKey(epochs, newest, findings);
  else checkPinned(epochs, newest, pinned, findings);
}

function warnOfOwnKey(epochs: readonly Epoch[], newest: Epoch, findings: Findings): void {
  findings.notice(
    `key of ${newest.origin}`,
    'was taken from the data itself: compare it with the one you were given, or name that with --vkey',
  );
  const before = epochs.at(-2);
  if (before !== undefined && publicKeyIn(before.vkey) !== publicKeyIn(newest.vkey)) {
    findings.gap(
      `epoch ${newest.epoch}`,
      'signs with a new key, for which nothing here can vouch: ask for it, and name it with --vkey',
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
  const known = new Set(pinned.map(publicKeyIn));
  if (known.has(publicKeyIn(newest.vkey))) return;
  const isKnownLog = epochs.some(({ vkey }) => known.has(publicKeyIn(vkey)));
  if (!isKnownLog) {
    findings.manipulation(
      `key of ${newest.origin}`,
      'is none of those that were named with --vkey',
    );
    return;
  }
  findings.gap(`epoch ${newest.epoch}`, 'signs with a key that was not named with --vkey');
}
