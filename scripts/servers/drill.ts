import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { issueToken, openTokenKey, type TokenKey } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { type CaseDone, closeGrid, GRIDS, until, workCase } from './casework.ts';
import { type Acknowledged, Desk } from './desk.ts';
import { findings, readLogs } from './effects.ts';
import { House, PROCESSES, SERVICES } from './house.ts';
import { freePorts, root } from './server.ts';

/** Something that goes wrong while people work. */
export interface Trouble {
  readonly name: string;
  readonly make: (house: House) => Promise<void>;
}

export interface DrillOptions {
  /** A folder of its own. */
  readonly dir: string;
  /** What the processes are told: BUS_URL, DATABASE_URL. */
  readonly env: Readonly<Record<string, string>>;
  readonly troubles: readonly Trouble[];
  /** How many people work at once. */
  readonly workers: number;
  readonly tell: (line: string) => void;
}

export interface Drilled {
  readonly cases: number;
  readonly acknowledged: number;
  readonly findings: readonly string[];
}

const SETTLE_MS = 60_000;
const LOOK_MS = 250;
/** Between troubles, so that what one leaves behind is taken up before the next. */
const CALM_MS = 1_500;
const HOURS = 8;

/**
 * 演练: five processes at work while processes and servers are killed or stand still; then everything
 * that was acknowledged must be there once, and every reaction must have had its effect once.
 */
export async function drill(options: DrillOptions): Promise<Drilled> {
  const { dir, env, tell } = options;
  mkdirSync(dir, { recursive: true });
  const dataDir = join(dir, 'data');
  const key = openTokenKey(dataDir);
  const free = await freePorts(PROCESSES.length);
  const ports = Object.fromEntries(PROCESSES.map((name, index) => [name, free[index] ?? 0]));
  const house = new House({ dataDir, ports, env, onLine: (line) => tell(`  ${line}`) });
  try {
    await house.startAll();
    const people = new People(house, key);
    tell('first flows over five processes');
    await firstFlows(people);
    await work(house, people, options);
    tell('waits until the services have nothing more to tell each other');
    await settled(house);
    await looked(people);
    const badly = await house.stopAll();
    const found = await checked({ dir, dataDir, url: env['DATABASE_URL'] }, people, tell);
    const faults = badly.map((line) => `did not end in order: ${line}`);
    return {
      cases: people.done.length,
      acknowledged: people.acknowledged.length,
      findings: [...faults, ...found],
    };
  } finally {
    for (const name of PROCESSES) house.kill(name, 'SIGKILL');
  }
}

/** Who works, and what they were told. */
class People {
  readonly acknowledged: Acknowledged[] = [];
  readonly done: CaseDone[] = [];
  private readonly house: House;
  private readonly key: TokenKey;

  constructor(house: House, key: TokenKey) {
    this.house = house;
    this.key = key;
  }

  async desk(actor: string, role: 'supervisor' | 'volunteer' = 'supervisor'): Promise<Desk> {
    const area = parseAreaCode('4305');
    if (area === undefined) throw new Error('4305 is no area');
    const token = await issueToken(this.key, { subject: actor, role, area, hours: HOURS });
    const onAcknowledged = (each: Acknowledged) => void this.acknowledged.push(each);
    return new Desk({ url: this.house.url, actor, token, onAcknowledged });
  }

  async case(actor: string, n: number): Promise<void> {
    const desk = await this.desk(actor);
    this.done.push(await workCase(desk, n, (volunteer) => this.desk(volunteer, 'volunteer')));
  }
}

/** What one process does, five do: also what must be there, what was, and a grid that closes. */
async function firstFlows(people: People): Promise<void> {
  await people.case('flow-1', 1);
  await people.case('flow-1', 2);
  const desk = await people.desk('flow-1');
  const { dispute, grid } = people.done[0] ?? { dispute: '', grid: '' };
  const renamed = await desk.done('renameGrid', { code: grid, name: '新名' }, 'grid { code }');
  const query = `query ($id: ID!, $min: [Position!]) {
    dispute(id: $id, minPosition: $min) { grid { name } }
  }`;
  const variables = { id: dispute, min: [renamed.position] };
  const seen = JSON.stringify(await desk.asked(query, variables));
  if (!seen.includes('新名')) throw new Error(`minPosition ${renamed.position} showed ${seen}`);
  const before = `query ($id: ID!, $then: [AsOf!]) { dispute(id: $id, asOf: $then) { status } }`;
  const then = new Date().toISOString();
  await desk.asked(before, { id: dispute, then });
  await closeGrid(desk, 1, 2);
}

async function work(house: House, people: People, options: DrillOptions): Promise<void> {
  const { troubles, workers, tell } = options;
  const over = { is: false };
  let next = 2;
  const one = async (actor: string): Promise<void> => {
    while (!over.is && next < GRIDS) await people.case(actor, (next += 1));
  };
  const all = Array.from({ length: workers }, (_, index) => one(`drill-${index}`));
  const working = Promise.all(all);
  // A refusal ends the drill at once: nobody has to wait for the last trouble.
  working.catch(() => (over.is = true));
  for (const { name, make } of troubles) {
    if (over.is) break;
    tell(name);
    await make(house);
    await delay(CALM_MS);
  }
  over.is = true;
  await working;
}

/** Nothing is behind, and nothing is recorded any more. */
async function settled(house: House): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  let before = '';
  while (performance.now() < end) {
    const texts = await Promise.all(Object.keys(SERVICES).map((name) => metricsOf(house, name)));
    const lines = texts.join('\n').split('\n');
    const heads = lines.filter((line) => line.startsWith('fengqiao_log_events')).join();
    const lags = lines.filter((line) =>
      /^fengqiao_(consumer_lag|consumer_unreachable|parked)\w*\{.*\} [^0]/.test(line),
    );
    if (lags.length === 0 && heads === before) return;
    before = heads;
    await delay(LOOK_MS);
  }
  throw new Error(`the services were still busy after ${SETTLE_MS} ms`);
}

async function metricsOf(house: House, name: string): Promise<string> {
  const response = await fetch(`${house.urlOf(name)}/metrics`);
  return response.text();
}

/** What people see in the end: the disputes were given back, the hazards are there. */
async function looked(people: People): Promise<void> {
  const desk = await people.desk('flow-1');
  const query = `query ($id: ID!) {
    dispute(id: $id) { status returns { mediator { id } } }
  }`;
  for (const { dispute } of people.done) {
    await until(desk, query, {
      variables: { id: dispute },
      holds: (data) => /"ACCEPTED","returns":\[\{[^\]]*\}\]/.test(JSON.stringify(data)),
      what: `the return of dispute ${dispute}`,
    });
  }
}

/** Where the stopped house has left its logs. */
interface Left {
  readonly dir: string;
  readonly dataDir: string;
  /** Undefined when they lie in `dataDir`. */
  readonly url: string | undefined;
}

async function checked(
  { dir, dataDir, url }: Left,
  people: People,
  tell: DrillOptions['tell'],
): Promise<readonly string[]> {
  const logs = await readLogs(url === undefined ? dataDir : movedOut(url, { dir, dataDir }));
  const events = [...logs.values()].reduce((sum, log) => sum + log.length, 0);
  tell(`${people.acknowledged.length} commands acknowledged, ${events} events recorded`);
  return [
    ...findings(logs, people.acknowledged),
    ...audited('verify', url ?? dataDir),
    ...audited('diff', url ?? dataDir),
  ];
}

/** The logs in a folder, byte for byte, as `npm run migrate-store` takes them out of MongoDB. */
function movedOut(url: string, { dir, dataDir }: Omit<Left, 'url'>): string {
  const to = join(dir, 'moved');
  const args = ['--from', url, '--to', to, '--signing', dataDir];
  const { status, stderr } = runBuilt('platform/src/migrate-store.js', args);
  if (status !== 0) throw new Error(`migrate-store ended with ${status}: ${stderr}`);
  return to;
}

/** What a stranger finds, with the program that an auditor has. */
function audited(command: string, source: string): readonly string[] {
  const { status, stdout, stderr } = runBuilt('auditor/src/main.js', [command, source]);
  return status === 0 ? [] : [`auditor ${command} ended with ${status}: ${stdout}${stderr}`.trim()];
}

function runBuilt(path: string, args: readonly string[]) {
  const program = join(root, 'dist', 'apps', path);
  const all = ['--disable-warning=ExperimentalWarning', program, ...args];
  return spawnSync(process.execPath, all, { encoding: 'utf8' });
}
