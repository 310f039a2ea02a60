import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { recover } from '#libs/backup';
import { logEvents, type LogOwnEvent } from '#libs/contracts';
import { openSignedCheckpoints, openSignedLog } from '#libs/event-log';
import { renamedKey } from '../src/verify/epochs.js';
import { NAME, SERVICE } from './sealed-log.js';

const AT = '2026-03-03T00:00:00.000Z';

/** Recovers the log in `dir` as its operator does; answers the key of its new epoch. */
export async function recovered(dir: string, { newKey = false } = {}): Promise<string> {
  if (newKey) rmSync(join(dir, 'signing.key'));
  const { vkey } = await recover({
    ...{ dataDir: dirname(dir), service: SERVICE, name: NAME, reason: 'the disk failed', newKey },
    ...{ now: () => AT, tell: () => undefined },
  });
  return vkey;
}

/**
 * What somebody with a key of their own makes of a log: an older state of it goes on under that key
 * as if after a recovery, and epochs follow that name the true key again and have signed nothing.
 *
 * @param older the older `log.db`
 */
export async function forge(dir: string, older: string, closing: 'closed' | 'open'): Promise<void> {
  const trueKey = readFileSync(join(dir, 'signing.key'));
  cpSync(older, join(dir, 'log.db'));
  const [first] = epochsOf(dir);
  await recovered(dir, { newKey: true });
  const rows = closing === 'closed' ? await laterRecoveries(dir, first?.vkey ?? '') : [];
  const db = new DatabaseSync(join(dir, 'checkpoints.db'));
  const add = db.prepare(`INSERT INTO epoch VALUES (?, ?, ?, ?, 'the disk failed', NULL, ?)`);
  for (const row of rows) add.run(...row, AT);
  db.close();
  writeFileSync(join(dir, 'signing.key'), trueKey);
}

function epochsOf(dir: string) {
  const checkpoints = openSignedCheckpoints(dir, { readOnly: true });
  const all = checkpoints.epochs();
  checkpoints.close();
  return all;
}

/** Epochs 3 and 4, each told by an event under the forger's checkpoint. */
async function laterRecoveries(dir: string, vkey: string) {
  const signed = openSignedLog(dir, {
    origin: SERVICE,
    name: NAME,
    events: logEvents,
    now: () => AT,
  });
  const rows: (readonly [epoch: number, origin: string, vkey: string, size: number])[] = [];
  for (const epoch of [3, 4]) {
    const origin = `${NAME}/epoch-${epoch}`;
    const size = await signed.log.head();
    const event: LogOwnEvent = {
      ...{ type: 'LogRecovered', epoch, origin, reason: 'the disk failed' },
      ...{ lostSize: size, lostRoot: null, at: AT },
    };
    await signed.log.append({
      commandId: `019570c0-0000-7000-8000-00000000000${epoch}`,
      ...{ actor: `service:${SERVICE}`, fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA', reads: [] },
      writes: [{ stream: `log-${SERVICE}`, events: [event] }],
    });
    rows.push([epoch, origin, renamedKey(vkey, origin), size]);
  }
  await signed.close();
  return rows;
}
