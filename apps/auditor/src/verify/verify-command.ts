import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { entriesPath, NoteKeyInvalid, parseVerifierKey } from '#libs/transparency';
import { plainText } from '../answer.js';
import { parsed, placed, wholeNumber } from '../arguments.js';
import { type CommandIo, EXIT, UsageError } from '../command.js';
import { codeOf, messageOf } from '../fault-code.js';
import { type LogPlace, sourceText } from '../sources/log-place.js';
import { keyText } from '../sources/named-file.js';
import { locateAsked } from '../sources/open-sources.js';
import { readNote } from '../sources/published-files.js';
import { claimIn, type Witnessed } from './against.js';
import type { LogReport } from './log-report.js';
import { mustBeHere, type Named, namedFor } from './named-for.js';
import { progressLine } from './progress-line.js';
import { reportLines } from './report-lines.js';
import { verifyLog } from './verify-log.js';

const WORKERS_MAX = 64;
/** Some 20,000 entries, as a store and as an export has them. */
const SMALL_BYTES = 8_000_000;
const SMALL_BUNDLES = 80;

interface Asked {
  readonly places: readonly LogPlace[];
  /** Whether one log was named, by itself or with `--service`: it is held against all that is named. */
  readonly isOne: boolean;
  readonly named: Named;
  readonly workers: number | undefined;
  readonly json: boolean;
}

/** Verifies each of the logs that are named, one after the other. */
export async function runVerify(args: readonly string[], io: CommandIo): Promise<number> {
  const { places, isOne, named, workers, json } = await readAsked(args, io);
  if (!isOne) mustBeHere(places, named);
  const reports: LogReport[] = [];
  const faults: { readonly service: string; readonly fault: string }[] = [];
  for (const place of places) {
    try {
      const own = isOne ? named : namedFor(place, named);
      const report = await verifyOne(place, { ...own, workers: workers ?? workersFor(place) }, io);
      reports.push(report);
      if (!json) for (const line of reportLines(report)) io.out.write(`${plainText(line)}\n`);
    } catch (error) {
      if (places.length === 1 || codeOf(error) === undefined) throw error;
      const fault = messageOf(error).replaceAll('\n', ' ');
      faults.push({ service: place.service, fault });
      io.err.write(`auditor verify: ${place.service}: ${fault}\n`);
    }
  }
  const exit = exitOf(reports, faults.length);
  if (json) io.out.write(`${plainText(JSON.stringify({ exit, logs: reports, faults }))}\n`);
  return exit;
}

async function verifyOne(
  place: LogPlace,
  asked: Named & { readonly workers: number },
  io: CommandIo,
): Promise<LogReport> {
  const progress = progressLine(io, place.service);
  try {
    return await verifyLog(place, {
      ...asked,
      now: Date.now,
      onProgress: (done, total) => progress.tell(done, total),
    });
  } finally {
    progress.clear();
  }
}

/** A manipulation that was found stands, whatever could not be looked at besides. */
function exitOf(reports: readonly LogReport[], faults: number): number {
  const exits = new Set(reports.map(({ exit }) => exit));
  if (exits.has(EXIT.manipulation)) return EXIT.manipulation;
  if (faults > 0) return EXIT.couldNotRun;
  return exits.has(EXIT.gap) ? EXIT.gap : EXIT.clean;
}

async function readAsked(args: readonly string[], io: CommandIo): Promise<Asked> {
  const { values, positionals } = parsed(args, {
    service: { type: 'string' },
    token: { type: 'string' },
    vkey: { type: 'string', multiple: true, default: [] },
    against: { type: 'string', multiple: true, default: [] },
    workers: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [place] = placed(positionals);
  const { service, token, json } = values;
  const against: Witnessed[] = [];
  for (const text of values.against) against.push({ place: text, note: await readNote(text) });
  for (const each of against) claimIn(each.place, each.note);
  const places = locateAsked({ place, service, token, io });
  return {
    places,
    isOne: service !== undefined || isItself(places, sourceText(place, io.env)),
    named: { pinned: values.vkey.map(verifierText), against },
    workers: values.workers === undefined ? undefined : workerCount(values.workers),
    json,
  };
}

/** Whether the source is a log, and no folder of logs. */
function isItself([place]: readonly LogPlace[], source: string): boolean {
  return place?.kind === 'address' || place?.dir === resolve(source);
}

function verifierText(named: string): string {
  const vkey = keyText(named);
  try {
    parseVerifierKey(vkey);
    return vkey;
  } catch (error) {
    if (error instanceof NoteKeyInvalid) throw new UsageError(`--vkey: ${error.message}`);
    throw error;
  }
}

function workerCount(text: string): number {
  const count = wholeNumber(text, '--workers');
  if (count <= WORKERS_MAX) return count;
  throw new UsageError(`--workers is ${text}: at most ${WORKERS_MAX}`);
}

/** Threads pay where they would not still be starting when the work is done; this one works too. */
function workersFor(place: LogPlace): number {
  const isAlone = place.kind === 'address' || isSmall(place.kind, place.dir);
  return isAlone ? 0 : availableParallelism() - 1;
}

function isSmall(kind: 'store' | 'export', dir: string): boolean {
  if (kind === 'export') return !existsSync(join(dir, entriesPath(SMALL_BUNDLES)));
  const path = join(dir, 'log.db');
  return !existsSync(path) || statSync(path).size < SMALL_BYTES;
}
