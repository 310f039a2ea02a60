// Appends its planned commits N, N + 1, ... to the log in DIR until it is killed, and says on stdout
// which were acknowledged, and where. Runs on what was built. SIGTERM ends it cleanly.
//
// node writer.ts DIR WRITER FROM [OTHER OTHER_FROM]: first asks for some commands of OTHER again.
import { writeSync } from 'node:fs';
import { LogBusy, openSignedLog } from '#libs/event-log';
import { NAME, ORIGIN, planned, tortureEvents } from './written.ts';

/** More than any run waits for: a writer that nobody ends comes to its own end. */
const COMMITS_MAX = 1_000_000;
const AT_ONCE = 12;
const TRIES = 100;
const REPEATED = 10;
/** Commits between two checkpoints: a lone second is longer than many a writer lives. */
const SIGNED_EVERY = 5 * AT_ONCE;

const [dir = '', writer = 0, from = 0, other, otherFrom = 0] = process.argv
  .slice(2)
  .map((text, index) => (index === 0 ? text : Number(text))) as [string, ...number[]];

const say = (line: string) => writeSync(1, `${line}\n`);
function fail(error: unknown): never {
  say(`fault ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
  process.exit(1);
}
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// Whoever started it is gone: nobody would end it.
process.stdin.on('end', () => process.exit(2)).resume();
let isEnding = false;
process.on('SIGTERM', () => (isEnding = true));

const signed = openSignedLog(dir, {
  origin: ORIGIN,
  name: NAME,
  events: tortureEvents,
  now: () => new Date().toISOString(),
  onFault: (error) => say(`fault aside: ${String(error)}`),
});
const { log } = signed;
if (log.readOnly !== undefined) fail(new Error(`read-only: ${log.readOnly}`));
say('open');

async function append(by: number, n: number): Promise<void> {
  const { commandId, actor, streams, count } = planned(by, n);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const reads = await Promise.all(
      streams.map(async (stream) => ({ stream, version: (await log.readStream(stream)).length })),
    );
    const writes = reads.map(({ stream, version }) => ({
      stream,
      events: Array.from({ length: count }, (_, index) => {
        return { type: 'Written', writer: by, n, version: version + index };
      }),
    }));
    const outcome = await log
      .append({ commandId, actor, fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA', reads, writes })
      .catch((error: unknown) => {
        if (error instanceof LogBusy) return undefined;
        throw error;
      });
    if (outcome === undefined || outcome.status === 'conflict') continue;
    const known = outcome.status === 'known' ? outcome.known : outcome;
    say(`${by} ${n} ${known.first} ${known.count}`);
    return;
  }
  // Nothing was acknowledged, so nothing is missing; it is asked for again after the next start.
}

if (other !== undefined) {
  for (let n = otherFrom; n < otherFrom + REPEATED; n += 1) await append(other, n);
}
for (let n = from; n < COMMITS_MAX && !isEnding; n += AT_ONCE) {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => append(writer, n + index)));
  if ((n - from) % SIGNED_EVERY === 0) await signed.sign();
}
await signed.close();
say('closed');
process.exit(0);
