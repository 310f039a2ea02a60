import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isTakenIntoUse } from '#libs/stored-log';
import { TILE_WIDTH } from '#libs/transparency';
import { CannotRun } from '../command.js';
import type { LogPlace } from '../sources/log-place.js';
import { publishedAt } from '../sources/published-files.js';
import { type CheckPool, openCheckPool } from './check-pool.js';
import { Findings } from './findings.js';
import { inOrder } from './in-order.js';
import type { IndexMark } from './index-session.js';
import { newHashKey } from './keyed-hash.js';
import { withLastBundle } from './leaf-reader.js';
import { type LogReport, nameOf, reportOf, type Verified } from './log-report.js';
import { LogVerification, type VerificationParts } from './log-verification.js';
import { tellMissingLog } from './missing-log.js';
import { openLeaves } from './open-leaves.js';
import { checkStrays } from './published-strays.js';
import { readable } from './readable.js';
import type { Survey } from './survey.js';
import { surveyPublished } from './survey-published.js';
import { surveyIndex, surveyStore } from './survey-store.js';
import type { VerifyOptions } from './verify-options.js';

/** Larger chunks cost memory, smaller ones messages between threads. */
const CHUNK = 16 * TILE_WIDTH;

/**
 * Recomputes a log from its stored bytes and holds it against all that was signed of it and all
 * that is derived from it.
 *
 * @throws CannotRun, StoreUnreadable when it cannot be read here: that says nothing of the log
 */
export async function verifyLog(place: LogPlace, options: VerifyOptions): Promise<LogReport> {
  const startedAt = performance.now();
  const findings = new Findings();
  const wasAtRest = isAtRest(place);
  const done = await readable(nameOf(place), findings, () => verifyWhole(place, options, findings));
  // What was opened as a file that nobody writes would be read wrongly if somebody did.
  if (wasAtRest && !isAtRest(place) && findings.found().totals.manipulation > 0) {
    throw new CannotRun(`${nameOf(place)} was taken into use while it was read: run this again`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return reportOf({ place, options, findings, done, seconds });
}

async function verifyWhole(
  place: LogPlace,
  options: VerifyOptions,
  findings: Findings,
): Promise<Verified | undefined> {
  if (place.kind === 'store' && !existsSync(join(place.dir, 'log.db'))) {
    tellMissingLog(place.dir, options.against, findings);
    return undefined;
  }
  const key = newHashKey();
  const reader = withLastBundle(openLeaves(place));
  const pool = openCheckPool({ place, key }, options.workers);
  try {
    // The index is read before the log: then the log holds all that it tells of.
    const mark = await markOf(place, pool, findings);
    const survey = await surveyOf(place, options, findings);
    const parts = { place, key, survey, mark, reader, options, findings };
    const verification = new LogVerification(parts);
    await run(verification, pool, parts);
    return { verification, survey };
  } finally {
    await pool.close();
    reader.close();
  }
}

async function run(
  verification: LogVerification,
  pool: CheckPool,
  { place, survey, options, findings }: VerificationParts,
): Promise<void> {
  const sums = place.kind === 'store' ? pool.indexSums() : undefined;
  // It is awaited at the end; until then its failure must not end the process.
  sums?.catch(() => undefined);
  const chunks = verification.chunks(CHUNK);
  for await (const report of inOrder(chunks, pool.capacity, (chunk) => pool.chunk(chunk))) {
    await verification.take(report);
    options.onProgress(report.to, survey.head);
  }
  await verification.end();
  if (place.kind === 'export') checkStrays(place.dir, survey.head, findings);
  if (sums === undefined || place.kind !== 'store') return;
  const read = await readable('index.db', findings, () => sums);
  if (read !== undefined) await verification.checkIndex(place.dir, read);
}

function markOf(
  place: LogPlace,
  pool: CheckPool,
  findings: Findings,
): Promise<IndexMark | undefined> | undefined {
  if (place.kind !== 'store') return undefined;
  return readable('index.db', findings, () => {
    surveyIndex(place.dir, findings);
    return pool.indexMark();
  });
}

function surveyOf(
  place: LogPlace,
  { pinned }: VerifyOptions,
  findings: Findings,
): Survey | Promise<Survey> {
  return place.kind === 'store'
    ? surveyStore(place.dir, findings)
    : surveyPublished(publishedAt(place), pinned, findings);
}

function isAtRest(place: LogPlace): boolean {
  return place.kind === 'store' && !isTakenIntoUse(join(place.dir, 'log.db'));
}
