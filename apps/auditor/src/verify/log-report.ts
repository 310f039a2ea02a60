import { hashToBase64 } from '#libs/transparency';
import { EXIT } from '../command.js';
import type { LogPlace } from '../sources/log-place.js';
import type { AgainstResult } from './against.js';
import type { Checked } from './checked.js';
import { publicKeyIn } from './epochs.js';
import type { Findings, Found } from './findings.js';
import type { LogVerification } from './log-verification.js';
import type { Survey } from './survey.js';
import type { Unsealed } from './unsealed.js';
import type { VerifyOptions } from './verify-options.js';

/** 核验结果: what verifying one log has found. */
export interface LogReport {
  readonly service: string;
  readonly kind: LogPlace['kind'];
  readonly place: string;
  readonly exit: number;
  /** The name and key that it signs with now; null when it has never signed. */
  readonly origin: string | null;
  readonly vkey: string | null;
  /** Whether the auditor named that key, or it was taken from the data. */
  readonly keyFrom: 'auditor' | 'data';
  readonly size: number;
  /** Over all entries, in base64. */
  readonly root: string | null;
  /** The largest signed size that is the log's, and its root; null when there is none. */
  readonly sealed: { readonly size: number; readonly root: string } | null;
  readonly unsealed: Unsealed;
  readonly against: readonly AgainstResult[];
  readonly checked: Checked | null;
  readonly found: Found;
  readonly workers: number;
  readonly seconds: number;
}

/** A verification that came to its end. */
export interface Verified {
  readonly verification: LogVerification;
  readonly survey: Survey;
}

export function reportOf({
  place,
  options,
  findings,
  done,
  seconds,
}: {
  readonly place: LogPlace;
  readonly options: VerifyOptions;
  readonly findings: Findings;
  readonly done: Verified | undefined;
  readonly seconds: number;
}): LogReport {
  const found = findings.found();
  const newest = done?.survey.epochs.at(-1);
  const { matchedSize, matchedRoot } = done?.verification.ledger ?? {};
  return {
    service: place.service,
    kind: place.kind,
    place: nameOf(place),
    exit: exitOf(found),
    origin: newest?.origin ?? null,
    vkey: newest?.vkey ?? null,
    keyFrom: newest && isNamed(newest.vkey, options.pinned) ? 'auditor' : 'data',
    size: done?.survey.head ?? 0,
    root: done ? hashToBase64(done.verification.tree.root()) : null,
    sealed:
      matchedRoot === undefined
        ? null
        : { size: matchedSize ?? 0, root: hashToBase64(matchedRoot) },
    unsealed: done?.verification.unsealed ?? { count: 0, since: null },
    against: done?.verification.against.results ?? [],
    checked: done?.verification.checked ?? null,
    found,
    workers: options.workers,
    seconds,
  };
}

/** A recovery goes on with the same key under another name. */
function isNamed(vkey: string, pinned: readonly string[]): boolean {
  return pinned.map(publicKeyIn).includes(publicKeyIn(vkey));
}

export function nameOf(place: LogPlace): string {
  return place.kind === 'address' ? place.url : place.dir;
}

function exitOf({ totals }: Found): number {
  if (totals.manipulation > 0) return EXIT.manipulation;
  return totals.gap > 0 ? EXIT.gap : EXIT.clean;
}
