// `npm run torture -- --kills 200 [--seed N] [--writers 4]`: lets several processes write one log
// and kills them, again and again. Exit code 1 when something of what was promised did not hold.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { torture } from '../libs/event-log/test/torture/torture.ts';
import { root as house } from './temporary-tree.ts';

const USAGE = 'npm run torture -- [--kills N] [--seed N] [--writers N]';
const KILLS_MAX = 100_000;
const WRITERS_MAX = 16;
const SEED_MAX = 2 ** 32 - 1;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % SEED_MAX) },
    writers: { type: 'string', default: '4' },
  },
});

function whole(name: keyof typeof values, most: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  process.stderr.write(`torture: --${name} must be 1 to ${most}: ${USAGE}\n`);
  process.exit(1);
}

const kills = whole('kills', KILLS_MAX);
const seed = whole('seed', SEED_MAX);
const writers = whole('writers', WRITERS_MAX);
const tell = (line: string) => process.stderr.write(`torture: ${line}\n`);

const root = mkdtempSync(join(tmpdir(), 'fengqiao-torture-'));
tell(`${writers} writers, ${kills} kills, seed ${seed}, in ${root}`);
const dir = join(root, 'log');
const found = await torture({ dir, writers, kills, seed, pauseMs: 300, checkEvery: 25, tell });
const findings = [...found.findings, ...audit(dir)];
for (const finding of findings) tell(finding);
const isWhole = findings.length === 0;
// A log that broke its promises is kept for whoever has to find out why.
if (isWhole) rmSync(root, { recursive: true });
process.stdout.write(
  `${found.kills} kills, ${found.acknowledged} commits acknowledged, ${found.events} events, ` +
    `${found.checkpoints} checkpoints, ${findings.length} findings, seed ${seed}\n`,
);
process.exitCode = isWhole ? 0 : 1;

/** What a stranger finds, with the program that an auditor has. */
function audit(folder: string): readonly string[] {
  const program = join(house, 'dist/apps/auditor/src/main.js');
  const args = ['--disable-warning=ExperimentalWarning', program, 'verify', folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status === 0) tell(stdout.slice(0, stdout.indexOf('\n')).replace(/^.*: /, 'audited: '));
  return status === 0 ? [] : [`the auditor ended with ${status}: ${stdout}${stderr}`.trim()];
}
