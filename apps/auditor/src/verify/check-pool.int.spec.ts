import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { append, newFolder, openLog, SERVICE } from '../../test/sealed-log.js';

/** Four chunks: each of three threads has one, and one is the last. */
const EVENTS = 14_000;
const EVENTS_A_COMMIT = 4;
const project = join(import.meta.dirname, '../../../..');
const whole = newFolder();
let copies: string[];

beforeAll(async () => {
  const dir = join(whole, SERVICE);
  mkdirSync(dir);
  const signed = openLog(dir, () => Date.parse('2026-03-01T00:00:00.000Z'));
  const commits = Array.from({ length: EVENTS / EVENTS_A_COMMIT }, (_, commit) => commit);
  await Promise.all(
    commits.map((commit) => append(signed, commit, commit * EVENTS_A_COMMIT, EVENTS_A_COMMIT)),
  );
  await signed.sign();
  await signed.close();
});
afterAll(() => rmSync(whole, { recursive: true }));
beforeEach(() => {
  copies = [];
});
afterEach(() => {
  for (const copy of copies) rmSync(copy, { recursive: true });
});

/** What the built program says with so many threads beside its own, and how it ends. */
function verified(root: string, workers: number) {
  const program = join(project, 'dist/apps/auditor/src/main.js');
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      program,
      ...['verify', join(root, SERVICE), '--json', '--workers', String(workers)],
    ],
    { cwd: project, env: { PATH: process.env.PATH }, encoding: 'utf8', timeout: 60_000 },
  );
  const { logs } = JSON.parse(stdout) as { readonly logs: readonly [Record<string, unknown>] };
  expect(logs).toMatchObject([{ workers }]);
  const { seconds: _, workers: __, ...said } = logs[0];
  return { status, said };
}

function copyWith(change: (dir: string) => void): string {
  const copy = newFolder();
  copies.push(copy);
  cpSync(whole, copy, { recursive: true });
  change(join(copy, SERVICE));
  return copy;
}

function edit(dir: string, sql: string): void {
  const db = new DatabaseSync(join(dir, 'log.db'));
  db.exec(`DROP TRIGGER event_unaltered; DROP TRIGGER event_kept; ${sql}`);
  db.close();
}

describe('a log that several threads check', () => {
  it('is clean when it is whole', () => {
    const { status, said } = verified(whole, 2);
    expect(status).toBe(0);
    expect(said).toMatchObject({ size: EVENTS });
    expect(said).toEqual(verified(whole, 0).said);
  });

  it('is told to be altered as by one thread, wherever it was', () => {
    const copy = copyWith((dir) =>
      edit(
        dir,
        `UPDATE event SET entry = CAST(substr(entry, 1, length(entry) - 1) || x'7e' AS BLOB)
           WHERE position IN (3, 5000, 9000, 13990);
         UPDATE event SET previous = 1 WHERE position = 7000;
         DELETE FROM event WHERE position = 11000;`,
      ),
    );
    const { status, said } = verified(copy, 2);
    expect(status).toBe(1);
    expect(said).toEqual(verified(copy, 0).said);
    for (const position of [3, 5000, 7000, 9000, 11000, 13990]) {
      expect(JSON.stringify(said)).toContain(`entry ${position}`);
    }
  });

  it('is told to be damaged as by one thread when a file ends too soon', () => {
    const copy = copyWith((dir) => truncateSync(join(dir, 'log.db'), 2_048_000));
    const { status, said } = verified(copy, 2);
    expect(status).toBe(1);
    expect(said).toEqual(verified(copy, 0).said);
  });
});
