import { join } from 'node:path';
import {
  checkLog,
  decodeEntry,
  type Entry,
  keptCheckpoints,
  openLogFile,
  openSignedCheckpoints,
  openSignedLog,
} from '#libs/event-log';
import type { Acknowledged } from './acknowledged.ts';
import { NAME, ORIGIN, planned, tortureEvents } from './written.ts';

const PAGE = 1_000;
/** Commands that are asked of the log after it was opened: all would take longer than the run. */
const ASKED = 2_000;
/** Findings that are told: a broken log has no end of them. */
const TOLD = 20;

export interface Checked {
  readonly events: number;
  readonly checkpoints: number;
  readonly findings: readonly string[];
}

/** Holds a log that nobody is writing against what its writers were told. */
export async function checkWhole(dir: string, acknowledged: Acknowledged): Promise<Checked> {
  const findings = new Findings();
  findings.all(acknowledged.contradictions);
  const checkpoints = checkProof(dir, findings);
  const events = checkEntries(dir, acknowledged, findings);
  await checkAnswers(dir, acknowledged, findings);
  return { events, checkpoints, findings: findings.told };
}

class Findings {
  readonly told: string[] = [];

  add(finding: string): void {
    if (this.told.length < TOLD) this.told.push(finding);
  }

  all(findings: readonly string[]): void {
    for (const finding of findings) this.add(finding);
  }
}

/** Every entry re-hashes to the stored tiles, and the tree to every root that was signed. */
function checkProof(dir: string, findings: Findings): number {
  const checkpoints = openSignedCheckpoints(dir);
  try {
    const signed = [...keptCheckpoints(checkpoints)];
    const { size } = checkLog(join(dir, 'log.db'), signed);
    const beyond = signed.find((each) => each.size > size);
    if (beyond) findings.add(`${beyond.size} events were signed, ${size} are there`);
    return signed.length;
  } catch (error) {
    findings.add(String(error));
    return 0;
  } finally {
    checkpoints.close();
  }
}

/** Each acknowledged commit is there once and whole, and each event is what its writer meant. */
function checkEntries(dir: string, acknowledged: Acknowledged, findings: Findings): number {
  const file = openLogFile(join(dir, 'log.db'), { readOnly: true });
  const found = new FoundCommits();
  const streams = new Map<string, Entry>();
  let position = 0;
  let last: Entry | undefined;
  try {
    for (let rows = file.page(0, PAGE); rows.length > 0; rows = file.page(position, PAGE)) {
      for (const [at, bytes] of rows) {
        if (at !== position) findings.add(`a gap: ${at} follows ${position - 1}`);
        const entry = decodeEntry(at, bytes);
        findings.all(wrongIn(entry, streams.get(entry.stream), last));
        streams.set(entry.stream, entry);
        found.note(entry, findings);
        last = entry;
        position = at + 1;
      }
    }
  } catch (error) {
    findings.add(String(error));
  } finally {
    file.close();
  }
  found.compare(acknowledged, findings);
  return position;
}

function wrongIn(entry: Entry, before: Entry | undefined, last: Entry | undefined): string[] {
  const { writer, n, version } = JSON.parse(entry.payload) as Record<string, number>;
  const plan = planned(writer ?? NaN, n ?? NaN);
  const wrong = {
    'its version does not follow': entry.version !== (before?.version ?? -1) + 1,
    'it names another before it': entry.previous !== (before?.position ?? null),
    'it was decided on another state': entry.version !== version,
    'its time runs backwards': entry.recordedAtMs < (last?.recordedAtMs ?? 0),
    'it was not asked for so': !isPlanned(entry, plan),
    'its commit is torn': entry.index !== 0 && !isNext(entry, last),
    'a commit before it is torn': entry.index === 0 && !isLast(last),
  };
  return Object.entries(wrong).flatMap(([what, is]) =>
    is ? [`event ${entry.position}: ${what}`] : [],
  );
}

const isPlanned = (
  { commandId, actor, stream, count, index, fingerprint }: Entry,
  plan: ReturnType<typeof planned>,
) =>
  commandId === plan.commandId &&
  actor === plan.actor &&
  count === plan.count * plan.streams.length &&
  stream === plan.streams[Math.floor(index / plan.count)] &&
  (fingerprint === null) === index > 0;

const isNext = (entry: Entry, last: Entry | undefined) =>
  last?.commandId === entry.commandId && last.index + 1 === entry.index;

const isLast = (last: Entry | undefined) => last === undefined || last.index + 1 === last.count;

/** Where each command begins. */
class FoundCommits {
  private readonly places = new Map<string, number>();
  private last: Entry | undefined;

  note(entry: Entry, findings: Findings): void {
    this.last = entry;
    if (entry.index !== 0) return;
    const { writer, n } = JSON.parse(entry.payload) as Record<string, number>;
    const key = `${writer} ${n}`;
    const known = this.places.get(key);
    if (known !== undefined) findings.add(`command ${key} is at ${known} and at ${entry.position}`);
    this.places.set(key, entry.position);
  }

  compare(acknowledged: Acknowledged, findings: Findings): void {
    if (!isLast(this.last)) findings.add('the last commit is torn');
    for (const [key, { first }] of acknowledged.all()) {
      const place = this.places.get(key);
      if (place === undefined) findings.add(`command ${key} was acknowledged and is not there`);
      else if (place !== first) findings.add(`command ${key} is at ${place}, not at ${first}`);
    }
  }
}

/** The log opens for work, and answers from its index as it did before. */
async function checkAnswers(dir: string, acknowledged: Acknowledged, findings: Findings) {
  const onFault = (error: unknown) => findings.add(`aside: ${String(error)}`);
  const now = () => new Date().toISOString();
  const options = { origin: ORIGIN, name: NAME, events: tortureEvents, now, onFault };
  const signed = openSignedLog(dir, options);
  const { log } = signed;
  try {
    if (log.readOnly !== undefined) findings.add(`it is read-only: ${log.readOnly}`);
    const every = Math.ceil(acknowledged.size / ASKED);
    let at = 0;
    for (const [key, { first, count }] of acknowledged.all()) {
      at += 1;
      if (at % every !== 0) continue;
      const [writer = NaN, n = NaN] = key.split(' ').map(Number);
      const { actor, commandId, streams } = planned(writer, n);
      const known = await log.command(actor, commandId);
      if (known?.first !== first || known.count !== count)
        findings.add(`command ${key} is not known`);
      for (const stream of streams) {
        const events = await log.readStream(stream);
        if (!events.some(({ position }) => position >= first && position < first + count)) {
          findings.add(`${stream} does not tell of command ${key}`);
        }
      }
    }
  } catch (error) {
    findings.add(String(error));
  } finally {
    await signed.close();
  }
}
