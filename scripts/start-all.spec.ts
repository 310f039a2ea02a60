import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { issueToken, openTokenKey } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { root } from './temporary-tree.ts';

const LIMIT_MS = 150_000;
const WARNINGS = '--disable-warning=ExperimentalWarning';

let folder: string;
let env: NodeJS.ProcessEnv;
let isLeftOut = false;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-all-'));
  const own = { SERVERS_FILE: join(folder, 'servers.json'), DATA_DIR: join(folder, 'data') };
  env = { ...process.env, ...own, NODE_OPTIONS: '' };
});
afterAll(() => {
  servers('stop');
  rmSync(folder, { recursive: true, force: true });
}, LIMIT_MS);

function servers(...args: readonly string[]) {
  const program = join(root, 'scripts', 'servers.ts');
  const options = { encoding: 'utf8', env, timeout: LIMIT_MS } as const;
  return spawnSync(process.execPath, [WARNINGS, program, ...args], options);
}

test(
  'servers are started once, shown, and named by the settings that point at them',
  () => {
    expect(servers('status').stdout).toBe('no servers were started\n');
    // As a city runs it: with TLS, and each service as its own user.
    const secured = ['start', '--secure', '--dir', join(folder, 'servers')];
    const { status, stdout } = servers(...secured);
    isLeftOut = status === 0 && stdout.includes('left out: ');
    if (isLeftOut) return;
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^BUS_URL=kafka\+tls:\/\/127\.0\.0\.1:\d+\nBUS_CA=\/.+\/ca\.crt\nDATABASE_URL=mongodb:\/\/127\.0\.0\.1:\d+\/fengqiao\S*$/m,
      ),
    ]);
    expect(servers(...secured).stdout).toBe(stdout);
    expect(servers('start')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        'kafka runs already, with a sign-in (--secure); end it first',
      ),
    });
    expect(servers('status').stdout).toMatch(/^kafka runs as process \d+: kafka\+tls:/m);
    expect(servers('status').stdout).toMatch(/^mongodb runs as process \d+: mongodb:/m);
  },
  LIMIT_MS,
);

test(
  'five processes on them answer the one view, and end in order',
  async () => {
    if (isLeftOut) return;
    const program = join(root, 'scripts', 'start-all.ts');
    const args = [WARNINGS, program, '--servers', '--port', '0'];
    const house = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const url = await readyAt(house);
    const area = parseAreaCode('4305')!;
    const asked = { subject: 'spec', role: 'supervisor', area, hours: 1 } as const;
    const token = await issueToken(openTokenKey(join(folder, 'data')), asked);
    const query = `{ area(code: "4305") {
      name children { totalCount } posts { id } disputes { totalCount }
      patrols { totalCount } hazards { totalCount }
    } }`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    const none = { totalCount: 0 };
    expect(await response.json()).toEqual({
      data: {
        area: {
          name: '邵阳市',
          children: { totalCount: 12 },
          posts: [],
          disputes: none,
          patrols: none,
          hazards: none,
        },
      },
    });
    const ended = new Promise((resolve) => house.once('exit', resolve));
    house.kill('SIGTERM');
    expect(await ended).toBe(0);
  },
  LIMIT_MS,
);

test(
  'without servers --servers says what to do, and a wrong use is one line',
  () => {
    servers('stop');
    expect(servers('status').stdout).toBe('no servers were started\n');
    const program = join(root, 'scripts', 'start-all.ts');
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [WARNINGS, program, ...args], { encoding: 'utf8', env });
    expect(run('--servers')).toMatchObject({
      status: 1,
      stderr: 'start:all: no servers run: npm run servers -- start\n',
    });
    expect(run('--port', 'http')).toMatchObject({
      status: 1,
      stderr: 'start:all: --port must be a port from 0 to 65531\n',
    });
    expect(run('--nothing')).toMatchObject({
      status: 1,
      stderr:
        "start:all: Unknown option '--nothing'. Usage: npm run start:all -- [--servers] [--port N]\n",
    });
    expect(servers('start', '--nothing').stderr).toMatch(
      /^servers: Unknown option '--nothing'\. Usage: npm run servers -- start .*\n$/,
    );
    expect(servers('begin')).toMatchObject({
      status: 1,
      stderr: 'servers: npm run servers -- start [--dir FOLDER] [--secure] | stop | status\n',
    });
  },
  LIMIT_MS,
);

async function readyAt(house: ChildProcess): Promise<string> {
  let said = '';
  house.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const [, url] = /processes are ready at (\S+)/.exec(said) ?? [];
    if (url !== undefined) return url;
    if (house.exitCode !== null || performance.now() > end) throw new Error(said);
    await delay(50);
  }
}
