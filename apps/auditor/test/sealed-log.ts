import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { commandNumberOf } from '../src/verify/command-number.js';
import { EntryFields } from '../src/verify/entry-fields.js';
import {
  decodeEntry,
  openLogFile,
  openLogIndex,
  openSignedLog,
  type SignedLog,
} from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { leafHash } from '#libs/transparency';

export const SERVICE = 'sample';
export const NAME = 'sample.example/sample';
export const EVENTS = 600;
/** Sizes that are signed, besides the whole. */
export const SIGNED = [90, 256, 301, 470] as const;
/** The index tells of the entries before this one. */
export const MARK = 512;

const events = { Counted: z.strictObject({ n: z.int(), note: z.string() }) };
const START_MS = Date.parse('2026-03-01T00:00:00.000Z');
const STREAMS = 7;

/** A data folder with one service's log, closed and whole. */
export interface SealedLog {
  readonly root: string;
  readonly dir: string;
  readonly vkey: string;
  remove(): void;
}

const uuid = (kind: number, number: number): string =>
  `0195c0de-${kind.toString(16).padStart(4, '0')}-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** Six of seven streams end with a UUID; one is a name of its own. */
export function streamOf(number: number): string {
  const each = number % STREAMS;
  return each === 0 ? '街道-1' : `team-${uuid(1, each)}`;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'fengqiao-verify-'));
}

/** Events in several streams, in commits of one to four, signed at several sizes. */
export async function sealedLog(total = EVENTS): Promise<SealedLog> {
  const root = newFolder();
  const dir = join(root, SERVICE);
  mkdirSync(dir);
  let nowMs = START_MS;
  const signed = openLog(dir, () => nowMs);
  const stops = [...SIGNED.filter((size) => size < total), total];
  for (let size = 0, commit = 0; size < total; commit += 1) {
    nowMs += 1_000;
    const next = stops.find((each) => each > size) ?? total;
    const count = Math.min(1 + (commit % 4), next - size);
    await append(signed, commit, size, count);
    size += count;
    if (stops.includes(size)) await signed.sign();
  }
  await signed.close();
  fillIndex(dir, Math.min(MARK, total));
  // Copies are single files then, as a backup makes them.
  for (const file of ['log', 'index', 'checkpoints']) {
    const db = new DatabaseSync(join(dir, `${file}.db`));
    db.exec('PRAGMA journal_mode = DELETE');
    db.close();
  }
  return { root, dir, vkey: signed.vkey, remove: () => rmSync(root, { recursive: true }) };
}

export function openLog(dir: string, nowMs: () => number): SignedLog {
  const now = () => new Date(nowMs()).toISOString();
  return openSignedLog(dir, { origin: SERVICE, name: NAME, events, now, scheduler: unhurried });
}

/** On a slow machine the log would sign by itself in between, at sizes that no test knows. */
class Unhurried extends SystemClock {
  override every(): () => void {
    return () => undefined;
  }
}
const unhurried = new Unhurried();

/** A commit of `count` events in two streams. */
export async function append(
  signed: SignedLog,
  commit: number,
  size: number,
  count: number,
): Promise<void> {
  const event = (n: number) => ({ type: 'Counted', n, note: `第 ${n} 次 “${'x'.repeat(n % 40)}”` });
  const all = Array.from({ length: count }, (_, index) => event(size + index));
  const outcome = await signed.log.append({
    commandId: commit % 5 === 0 ? `command ${commit}` : uuid(2, commit),
    actor: commit % 3 === 0 ? '李-1' : 'service:sample',
    fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA',
    ...(commit % 2 === 0 && { cause: `other@${commit}` }),
    reads: [],
    writes: [
      { stream: streamOf(commit), events: all.slice(0, 2) },
      { stream: streamOf(commit + 3), events: all.slice(2) },
    ],
  });
  if (outcome.status !== 'committed') throw new Error(`commit ${commit}: ${outcome.status}`);
}

/** A service indexes in runs of thousands; here it is done as it would be. */
export function fillIndex(dir: string, mark: number): void {
  const file = openLogFile(join(dir, 'log.db'), { readOnly: true });
  const index = openLogIndex(join(dir, 'index.db'));
  const rows = file.page(0, mark);
  const fields = new EntryFields();
  index.begin();
  for (const [position, bytes] of rows) {
    const { stream, version, index: place } = decodeEntry(position, bytes);
    fields.use(bytes);
    fields.read(0, bytes.length);
    index.addHeads([{ stream, position, version }]);
    if (place === 0) index.addCommands([{ number: commandNumberOf(bytes, fields), position }]);
  }
  const [, last] = rows.at(-1) ?? [0, new Uint8Array()];
  index.commit(mark, leafHash(last));
  index.close();
  file.close();
}
