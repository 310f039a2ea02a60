import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { gridsView } from '../../grid-registry/src/grids.view.js';
import { disputesView } from '../../mediation/src/disputes.view.js';
import { areaCodeField } from '#libs/contracts';
import { isRefusal } from '#libs/event';
import { EventBus, EventBusTransport, openSqliteCheckpoints } from '#libs/event-bus';
import { type CommandMeta, openSqliteLog } from '#libs/event-log';
import { openSqliteKeys } from '#libs/privacy';
import { SystemClock } from '#libs/service';
import { openSqliteViews } from '#libs/views';
import {
  type Hear,
  type Keeps,
  mediationKeeps,
  mediationOver,
  registryKeeps,
  registryOver,
} from './conversation.js';
import { Power, type When } from './power.js';

const VILLAGE = areaCodeField.parse('430502001001');
const A = areaCodeField.parse(`${VILLAGE}001`);
const B = areaCodeField.parse(`${VILLAGE}002`);
const SETTLE_MS = 10_000;
const LIVES_MAX = 200;

const clock = new SystemClock();
const report = { grid: A, kind: 'NEIGHBOURS', facts: '漏水', parties: ['甲', '乙'] } as const;
/** Somebody's command, the same when it is sent again after a crash. */
const meta = (last: string): CommandMeta => ({
  commandId: `019a0000-0000-7000-8000-0000000000${last}`,
  actor: 'li-1',
  request: last,
});

let folder: string;
/** Two open grids, with a mediator's post and two disputes in the first. */
let before: string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-kills-'));
  before = join(folder, 'before');
  const services = openServices(before, new Power(Infinity, 'after'));
  const { registry, mediation } = services;
  await registry.areas.registerAreas([{ code: VILLAGE, name: '甲村' }], VILLAGE);
  await registry.grids.open(meta('01'), { grid: A, name: '一网格' });
  await registry.grids.open(meta('02'), { grid: B, name: '二网格' });
  const created = await registry.posts.create(meta('03'), { kind: 'MEDIATOR', area: A });
  if (isRefusal(created)) throw new Error(created.refused);
  const post = created.events[0]?.stream.slice('post-'.length) ?? '';
  await registry.posts.appoint(meta('04'), { post, name: '李丙' });
  await mediation.disputes.report(meta('05'), report);
  await mediation.disputes.report(meta('06'), report);
  await services.settled();
  await services.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  Logger.overrideLogger(['error']);
});

/** Registry and mediation on their stores, hearing each other while the power lasts. */
function openServices(dir: string, power: Power) {
  const bus = new EventBus();
  const kept = ({ origin, events, views }: Keeps) => {
    const own = join(dir, origin);
    const keys = openSqliteKeys(own);
    const beforeCommit = () => keys.flush();
    const options = { origin, events, now: () => clock.now(), beforeCommit };
    const log = power.log(openSqliteLog(own, options));
    const checkpoints = openSqliteCheckpoints(own);
    bus.publish(log);
    const transport = new EventBusTransport(bus, power.checkpoints(checkpoints), clock);
    return { log, keys, views: openSqliteViews(own, views), checkpoints, transport };
  };
  const [atRegistry, atMediation] = [kept(registryKeeps), kept(mediationKeeps)];
  const registry = registryOver(atRegistry, clock);
  const mediation = mediationOver(atMediation, clock, atMediation.transport);
  listen(atRegistry.transport, registry.hears);
  listen(atMediation.transport, mediation.hears);
  const both = [atRegistry, atMediation];
  const heads = async () => (await Promise.all(both.map(({ log }) => log.head()))).join();
  return {
    registry,
    mediation,
    /** Resolves when they have nothing more to tell each other. */
    settled: async () => {
      for (let last = ''; last !== (await heads());) {
        last = await heads();
        await Promise.all(both.map(({ transport }) => transport.caughtUp(SETTLE_MS)));
      }
    },
    close: async () => {
      await Promise.all(both.map(({ transport }) => transport.close()));
      for (const { log, keys, views, checkpoints } of both) {
        await log.close();
        await views.close();
        checkpoints.close();
        keys.close();
      }
    },
  };
}

function listen(transport: EventBusTransport, hears: ReadonlyMap<string, Hear>): void {
  for (const [pattern, hear] of hears) {
    transport.addHandler(pattern, hear, true, { handler: hear.name });
  }
  transport.listen(() => undefined);
}

type Services = ReturnType<typeof openServices>;

/** One life of the process: somebody closes the grid while another reports, until it is cut. */
async function live(dir: string, power: Power, successors: readonly (typeof A)[]) {
  const services = openServices(dir, power);
  const work = async (): Promise<void> => {
    const retire = { grid: A, successors, reason: '合并' };
    await Promise.all([
      services.registry.grids.retire(meta('07'), retire),
      services.mediation.disputes.report(meta('08'), report),
    ]);
    await services.settled();
  };
  // Nobody learns of what fails after the power went: the process is gone.
  await Promise.race([work().catch((error: unknown) => expectNoPower(error, power)), power.cut]);
  return services;
}

function expectNoPower(error: unknown, power: Power): void {
  if (!power.isGone) throw error;
}

/** The last life comes to its end; then everything is as if no life had been cut. */
async function endsWell(services: Services, successors: readonly (typeof A)[]): Promise<void> {
  const { registry, mediation } = services;
  const logs = [registry.log, mediation.log];
  const events = (await Promise.all(logs.map((log) => log.read(0, 1000)))).flat();
  const counts: Record<string, number> = {};
  for (const { event } of events) counts[event.type] = (counts[event.type] ?? 0) + 1;
  const disputes = await mediation.views.all(disputesView);
  const moves = disputes.map((row) => [row.grid, row.moves.length]);
  const row = await registry.views.get(gridsView, A);
  const answers = { GridClosing: 1, GridShut: 1, GridWorkAnswered: 2 };
  if (successors.length === 0) {
    expect(counts).toMatchObject({ ...answers, GridWorkOpen: 1, GridRetirementRefused: 1 });
    expect(counts).toMatchObject({ GridReopened: 1 });
    expect(counts).not.toHaveProperty('GridRetired');
    expect(moves).toEqual(disputes.map(() => [A, 0]));
    expect(row?.status).toBe('OPEN');
    return;
  }
  const once = { GridRetired: 1, GridNamedSuccessor: 1, GridSuccessionEnded: 1, PostMoved: 1 };
  expect(counts).toMatchObject({ ...answers, ...once, GridWorkMoved: 1, MediatorMoved: 1 });
  expect(counts['DisputeMoved']).toBe(disputes.length);
  expect(moves).toEqual(disputes.map(() => [B, 1]));
  expect(row).toMatchObject({ status: 'RETIRED', successors: [{ code: B }] });
}

/** A folder of its own in which the grid is still open. */
function copyOfBefore(name: string): string {
  const dir = join(folder, name);
  cpSync(before, dir, { recursive: true });
  return dir;
}

describe.each<readonly [string, readonly (typeof A)[]]>([
  ['into another', [B]],
  ['into no other', []],
])('closing a grid %s', (name, successors) => {
  it.each<When>(['before', 'after'])(
    'comes to the same end when it is killed once, %s any of its writes reaches the disk',
    async (when) => {
      let kills = 0;
      for (let lasting = 1; lasting <= LIVES_MAX; lasting += 1) {
        const dir = copyOfBefore(`${name}-${when}-${lasting}`);
        const power = new Power(lasting, when);
        await (await live(dir, power, successors)).close();
        if (!power.isGone) break;
        kills += 1;
        const last = await live(dir, new Power(Infinity, 'after'), successors);
        await endsWell(last, successors);
        await last.close();
        rmSync(dir, { recursive: true });
      }
      expect(kills).toBeGreaterThan(5);
      expect(kills).toBeLessThan(LIVES_MAX);
    },
    60_000,
  );

  it.each([1, 2, 3])(
    'comes to the same end when it is killed after every %i writes',
    async (lasting) => {
      const dir = copyOfBefore(`${name}-every-${lasting}`);
      let lives = 0;
      for (let ended = false; !ended; lives += 1) {
        const power = new Power(lasting, 'after');
        const services = await live(dir, power, successors);
        ended = !power.isGone;
        if (ended) await endsWell(services, successors);
        await services.close();
        expect(lives).toBeLessThan(LIVES_MAX);
      }
      expect(lives).toBeGreaterThan(3);
    },
    60_000,
  );
});
