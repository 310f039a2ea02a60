import { createHash } from 'node:crypto';
import { decodeEntry, type EventLog } from '#libs/event-log';
import { rootAt } from '#libs/transparency';
import type { Acknowledged } from './ledger.js';

const ENTRIES_MAX = 100_000;

/** Holds a log against itself, as an auditor would, and against what was acknowledged of it. */
export async function checkLog(
  log: EventLog,
  acknowledged: readonly Acknowledged[],
): Promise<readonly string[]> {
  const size = await log.head();
  const entries = await log.entries(0, ENTRIES_MAX);
  const findings: string[] = [];
  const root = Buffer.from(await rootAt(size, log), 'latin1').toString('hex');
  if (treeOf(entries.map(leaf)).toString('hex') !== root) {
    findings.push(`${log.origin}: its tree is not the tree of its entries`);
  }
  return [
    ...findings,
    ...chains(log.origin, entries),
    ...promises(log.origin, entries, acknowledged),
  ];
}

/** RFC 6962, 2.1. */
function treeOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return only;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const node = createHash('sha256').update(Buffer.from([1]));
  return node
    .update(treeOf(leaves.slice(0, half)))
    .update(treeOf(leaves.slice(half)))
    .digest();
}

function leaf(entry: Uint8Array): Buffer {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(entry)
    .digest();
}

/** Positions, the versions of each stream, time, and the ids of commands. */
function chains(origin: string, entries: readonly Uint8Array[]): readonly string[] {
  const findings: string[] = [];
  const versions = new Map<string, number>();
  const commands = new Set<string>();
  let time = 0;
  for (const [position, bytes] of entries.entries()) {
    const entry = decodeEntry(position, bytes);
    const version = versions.get(entry.stream) ?? 0;
    if (entry.version !== version) {
      findings.push(`${origin}@${position}: version ${entry.version} where ${version} follows`);
    }
    versions.set(entry.stream, version + 1);
    if (entry.recordedAtMs < time) findings.push(`${origin}@${position}: time runs backwards`);
    time = entry.recordedAtMs;
    const command = `${entry.actor} ${entry.commandId}`;
    if (entry.index === 0 && commands.has(command)) {
      findings.push(`${origin}@${position}: command ${command} was committed twice`);
    }
    commands.add(command);
  }
  return findings;
}

/** What was acknowledged is there, once, where it was said to be. */
function promises(
  origin: string,
  entries: readonly Uint8Array[],
  acknowledged: readonly Acknowledged[],
): readonly string[] {
  const found = new Map<string, number[]>();
  for (const [position, bytes] of entries.entries()) {
    const { actor, commandId } = decodeEntry(position, bytes);
    const command = `${actor} ${commandId}`;
    found.set(command, [...(found.get(command) ?? []), position]);
  }
  return acknowledged
    .filter(({ service }) => service === origin)
    .flatMap(({ asked, position, count }) => {
      const there = found.get(`${asked.actor} ${asked.commandId}`) ?? [];
      const said = Array.from({ length: count }, (_, index) => position + index);
      if (there.join() === said.join()) return [];
      const what = `${origin}@${position} ${asked.name} ${asked.commandId}`;
      return [`${what}: acknowledged at ${said.join()}, recorded at ${there.join() || 'no place'}`];
    });
}
