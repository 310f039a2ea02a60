import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from './client.js';
import { Office } from './office.js';
import { Running } from './process.js';

const VILLAGE = '430502001001';
const GRIDS = ['001', '002', '003', '004'].map((last) => VILLAGE + last);
const DISPUTES = 8;
/** A closing of so many disputes takes about as long. */
const CLOSING_MS = 120;

let dataDir: string;
let running: Running | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-'));
});
afterEach(async () => {
  await running?.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(token?: string): Promise<{ readonly client: Client; readonly token: string }> {
  running = Running.start('platform/src/main', { DATA_DIR: dataDir, PORT: '0' });
  const url = await running.url();
  const own = token ?? (await issueToken());
  return { client: new Client(url, own), token: own };
}

async function issueToken(): Promise<string> {
  const args = ['--role', 'supervisor', '--area', '4305'];
  const printed = Running.start('platform/src/token', { DATA_DIR: dataDir }, args);
  expect(await printed.exit()).toBe(0);
  return printed.output().trim();
}

async function statusOf(client: Client, code: string): Promise<string> {
  const query = 'query ($code: ID!) { area(code: $code) { grid { status } } }';
  const { area } = await client.data<{ area: { grid: { status: string } } }>(query, { code });
  return area.grid.status;
}

async function movesOf(client: Client, id: string): Promise<readonly (readonly string[])[]> {
  const query = 'query ($id: ID!) { dispute(id: $id) { grid { code } moves { from to } } }';
  const { dispute } = await client.data<{ dispute: Dispute }>(query, { id });
  return [...dispute.moves.map(({ from, to }) => [from, to]), [dispute.grid.code]];
}

interface Dispute {
  readonly grid: { readonly code: string };
  readonly moves: readonly { readonly from: string; readonly to: string }[];
}

it('a grid is closed once, with all its work, though the platform is killed meanwhile', async () => {
  let { client, token } = await start();
  const office = new Office(client);
  for (const [index, code] of GRIDS.entries()) await office.openGrid(code, `网格${index}`);
  const { post } = await office.appoint('MEDIATOR', GRIDS[0]!, '李调解');
  const reports = Array.from({ length: DISPUTES }, () => office.report(GRIDS[0]!));
  const disputes = (await Promise.all(reports)).map(({ id }) => id);

  for (const [round, code] of GRIDS.slice(0, -1).entries()) {
    const into = { successors: [GRIDS[round + 1]], reason: '合并' };
    const command = { commandId: crypto.randomUUID(), code, ...into };
    const afterMs = Math.random() * CLOSING_MS;
    const asked = new Office(client).asked('retireGrid', command).catch(() => undefined);
    await delay(afterMs);
    await running?.end('SIGKILL');
    const answer = await asked;

    ({ client, token } = await start(token));
    // What was answered is under way; what was not may have been lost, and is asked for again.
    if (answer?.codes.length === 0) expect(await statusOf(client, code)).not.toBe('OPEN');
    expect((await new Office(client).asked('retireGrid', command)).codes).toEqual([]);
    const deadline = Date.now() + 10_000;
    while ((await statusOf(client, code)) !== 'RETIRED') {
      if (Date.now() > deadline) throw new Error(`round ${round}, killed after ${afterMs} ms`);
      await delay(50);
    }
    const way = GRIDS.slice(0, round + 2);
    const moves = way.slice(1).map((to, index) => [way[index], to]);
    for (const id of disputes) {
      expect(await movesOf(client, id)).toEqual([...moves, [way.at(-1)]]);
    }
    const query = `query ($id: ID!) { post(id: $id) {
      area { code grid { predecessors { code } } }
    } }`;
    const { post: found } = await client.data<{ post: object }>(query, { id: post });
    expect(found).toEqual({ area: { code: way.at(-1), grid: { predecessors: [{ code }] } } });
  }
}, 120_000);
