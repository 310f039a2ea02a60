import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type EventLog, openMongoLog } from '#libs/event-log';
import { connectMongo, type Mongo } from '#libs/mongo';
import { rootAt } from '#libs/transparency';
import { decodeEntry } from '../../libs/event-log/src/entry.js';
import { countOn, sampleOptions } from '../../libs/event-log/src/sample-commits.conformance.js';
import { leavesOf, treeHash } from '../../libs/event-log/src/tree.conformance.js';
import { leaveOut } from './left-out.ts';
import { type MongodbServer, startMongodb } from './mongodb.ts';

const CALLERS = 16;
const KILLS = 3;
const BETWEEN_MS = 500;
const DOWN_MS = 300;

const dir = mkdtempSync(join(tmpdir(), 'fengqiao-crash-'));
const started = await startMongodb({ dir }).catch((error: unknown) => {
  leaveOut(error);
  return undefined;
});
let mongo: Mongo | undefined;
let server: MongodbServer | undefined = started;
afterAll(async () => {
  await mongo?.close();
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** One caller on a stream of its own: it repeats what was not answered, as it was. */
async function call(
  log: EventLog,
  caller: number,
  { acknowledged, isOver }: { readonly acknowledged: Map<string, number>; isOver: () => boolean },
): Promise<void> {
  for (let version = 0; !isOver();) {
    const commit = countOn(`s-${caller}`, version, version);
    for (let tries = 0; tries < 50; tries += 1) {
      const outcome = await log.append(commit).catch(() => undefined);
      if (outcome === undefined) continue;
      const first = outcome.status === 'known' ? outcome.known.first : 0;
      if (outcome.status === 'conflict') throw new Error(`${caller} met a conflict at ${version}`);
      acknowledged.set(commit.commandId, outcome.status === 'known' ? first : outcome.first);
      break;
    }
    version += 1;
  }
}

(started === undefined ? describe.skip : describe)('a database that is killed', () => {
  it('in the middle of appends keeps every acknowledged command, once', async () => {
    if (started === undefined) return;
    mongo = await connectMongo(started.url);
    const faults: unknown[] = [];
    const place = { mongo, database: 'crash' };
    const options = { ...sampleOptions, onFault: (error: unknown) => faults.push(error) };
    const log = openMongoLog(place, options);
    await log.opened;
    const acknowledged = new Map<string, number>();
    let isOver = false;
    const asked = { acknowledged, isOver: () => isOver };
    const calls = Array.from({ length: CALLERS }, (_, caller) => call(log, caller, asked));
    for (let kills = 0; kills < KILLS; kills += 1) {
      await pause(BETWEEN_MS);
      const before = acknowledged.size;
      await server?.kill('SIGKILL');
      await pause(DOWN_MS);
      server = await startMongodb({ dir });
      for (let waited = 0; acknowledged.size === before && waited < 20_000; waited += 50) {
        await pause(50);
      }
      expect(acknowledged.size).toBeGreaterThan(before);
    }
    isOver = true;
    await Promise.all(calls);
    await log.close();

    const after = openMongoLog(place, sampleOptions);
    const size = await after.head();
    const entries = (await after.entries(0, size)).map((bytes, at) => decodeEntry(at, bytes));
    const commands = entries.map(({ commandId }) => commandId);
    expect(new Set(commands).size).toBe(size);
    for (const [command, position] of acknowledged) expect(commands[position]).toBe(command);
    expect(size).toBe(acknowledged.size);
    expect(await rootAt(size, after)).toBe(treeHash(await leavesOf(after)));
    await after.close();
  }, 90_000);
});
