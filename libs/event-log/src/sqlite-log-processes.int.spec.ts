import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LogFolders } from '../test/log-folder.js';
import { Acknowledged } from '../test/torture/acknowledged.js';
import { checkWhole } from '../test/torture/check.js';
import { torture } from '../test/torture/torture.js';
import { WriterProcess } from '../test/torture/writer-process.js';
import { countOn, sampleOptions } from './sample-commits.conformance.js';
import { openSqliteLog } from './sqlite-log.js';

const built = fileURLToPath(new URL('../../../dist/libs/event-log/src/index.js', import.meta.url));
const folders = new LogFolders();
let dir: string;

beforeAll(() => {
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build first`);
});
beforeEach(() => {
  dir = folders.next();
});
afterAll(() => folders.remove());

it('killed at any moment, several writers lose nothing acknowledged and double nothing', async () => {
  const told: string[] = [];
  const found = await torture({
    ...{ dir, writers: 3, kills: 15, seed: 20_260_301, pauseMs: 120, checkEvery: 8 },
    tell: (line) => told.push(line),
  });
  expect({ findings: found.findings, told }).toEqual({ findings: [], told });
  expect(found.kills).toBe(15);
  // Far fewer would mean that nothing was going on when they were killed.
  expect(found.acknowledged).toBeGreaterThan(100);
  expect(found.checkpoints).toBeGreaterThan(0);
}, 120_000);

it('a log that lacks something acknowledged, or has it elsewhere, is found', async () => {
  const acknowledged = new Acknowledged();
  const writer = new WriterProcess({ dir, writer: 0, from: 0 }, (line) => {
    const [by = NaN, n = NaN, first = NaN, count = NaN] = line.split(' ').map(Number);
    if (Number.isInteger(count)) acknowledged.note(by, n, { first, count });
  });
  while (acknowledged.size < 50) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await writer.kill()).toBe('SIGKILL');
  expect((await checkWhole(dir, acknowledged)).findings).toEqual([]);
  acknowledged.note(7, 7, { first: 3, count: 1 });
  acknowledged.note(0, 1, { first: 999_999, count: 1 });
  const { findings } = await checkWhole(dir, acknowledged);
  expect(findings).toContain('command 7 7 was acknowledged and is not there');
  expect(findings).toContainEqual(
    expect.stringMatching(/^command 0 1 is at \d+, and then at 999999$/),
  );
}, 60_000);

it('a log is opened beside a process that holds its file for a while', async () => {
  mkdirSync(dir);
  const program = `
    const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec('BEGIN EXCLUSIVE; CREATE TABLE other (id INTEGER)');
    process.stdout.write('held');
    setTimeout(() => db.exec('ROLLBACK'), 400);`;
  const args = ['--disable-warning=ExperimentalWarning', '-e', program, join(dir, 'log.db')];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(holder, 'close');
  await once(holder.stdout, 'data');
  const log = openSqliteLog(dir, sampleOptions);
  expect(await log.append(countOn('a', 0, 1))).toMatchObject({ status: 'committed' });
  await log.close();
  await ended;
}, 30_000);
