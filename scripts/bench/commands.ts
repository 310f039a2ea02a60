import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { issueToken, openTokenKey } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { Desk } from '../servers/desk.ts';
import { House, PROCESSES } from '../servers/house.ts';
import { freePorts, root } from '../servers/server.ts';

const IN_FLIGHT = 16;
const GRID = '430502001001001';
const READY_MS = 60_000;

/** Commands a second through the gateway: five processes, which `env` tells of their servers. */
export async function commandsOfFive(
  dir: string,
  env: Readonly<Record<string, string>>,
  seconds: number,
): Promise<number> {
  const dataDir = join(dir, 'five');
  openTokenKey(dataDir);
  const free = await freePorts(PROCESSES.length);
  const ports = Object.fromEntries(PROCESSES.map((name, index) => [name, free[index] ?? 0]));
  const house = new House({ dataDir, ports, env, onLine: () => undefined });
  try {
    await house.startAll();
    return await commandsAt(house.url, dataDir, seconds);
  } finally {
    await house.stopAll();
  }
}

/** The same of one process on SQLite. */
export async function commandsOfOne(dir: string, seconds: number): Promise<number> {
  const dataDir = join(dir, 'one');
  openTokenKey(dataDir);
  const [port = 0] = await freePorts(1);
  const program = join(root, 'dist', 'apps', 'platform', 'src', 'main.js');
  const options = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64', program];
  const child = spawn(process.execPath, options, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', DATA_DIR: dataDir, PORT: String(port) },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const end = performance.now() + READY_MS;
    while (!said.includes('is ready at')) {
      if (performance.now() > end) throw new Error(`the platform did not get ready: ${said}`);
      await delay(50);
    }
    return await commandsAt(`http://127.0.0.1:${port}/graphql`, dataDir, seconds);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function commandsAt(url: string, dataDir: string, seconds: number): Promise<number> {
  const area = parseAreaCode('4305');
  if (area === undefined) throw new Error('4305 is no area');
  const asked = { subject: 'bench', role: 'supervisor', area, hours: 1 } as const;
  const token = await issueToken(openTokenKey(dataDir), asked);
  let count = 0;
  const onAcknowledged = (): void => void (count += 1);
  const desk = new Desk({ url, actor: 'bench', token, onAcknowledged });
  await desk.done('openGrid', { code: GRID, name: '东风路一网格' }, 'grid { code }');
  const parties = [{ name: '张甲' }, { name: '陈乙' }];
  const report = { grid: GRID, type: 'NEIGHBOURS', facts: '楼上漏水。', parties };
  const run = async (ms: number): Promise<number> => {
    count = 0;
    const started = performance.now();
    const one = async (): Promise<void> => {
      while (performance.now() - started < ms) {
        await desk.done('reportDispute', report, 'dispute { id }');
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, one));
    return count / ((performance.now() - started) / 1000);
  };
  await run(1500);
  return run(seconds * 1000);
}
