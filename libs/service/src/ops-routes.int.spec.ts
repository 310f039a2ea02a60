import { Controller, Logger, Module } from '@nestjs/common';
import { Int, Query, Resolver } from '@nestjs/graphql';
import { EventPattern, Payload } from '@nestjs/microservices';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { issueToken, openTokenKey, type Role, type TokenKey } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { EventBus } from '#libs/event-bus';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { opsRoutes } from './ops-routes.js';
import { listenAlone, type ListeningRoom } from './open-room.js';
import { type ServiceRoom, serviceRoom } from './service-room.js';

const AT = '2026-03-01T00:00:00.000Z';
const ID = 'door/KnockReaction/neighbour/knock-1';

let isDeaf: boolean;
let done: string[];

@Controller()
class KnockReaction {
  @EventPattern('neighbour.Knocked')
  async on(@Payload() { position, event }: Recorded): Promise<void> {
    await Promise.resolve();
    if (isDeaf && position === 0) throw new Error('nobody at home');
    done.push(`${position} ${event.type}`);
  }
}

@Resolver()
class DoorResolver {
  @Query(() => Int)
  doors(): number {
    return 1;
  }
}

@Module({})
class DoorModule {}

let folder: string;
let neighbour: EventLog;
let key: TokenKey;
let room: ServiceRoom;
let open: ListeningRoom;

beforeEach(async () => {
  Logger.overrideLogger(false);
  isDeaf = true;
  done = [];
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-ops-'));
  neighbour = openMemoryLog({
    origin: 'neighbour',
    events: { Knocked: z.strictObject({}) },
    now: () => AT,
  });
  key = openTokenKey(folder);
  const writes = [{ stream: 'knock-1', events: Array(3).fill({ type: 'Knocked' }) }];
  const asked = { commandId: 'command-1', actor: 'li-1', fingerprint: '', reads: [] };
  await neighbour.append({ ...asked, writes });
  await start((made) => {
    const { checkpoints } = made.stores;
    const place = { origin: 'neighbour', stream: 'knock-1', type: 'Knocked', since: AT };
    const on = { handler: 'KnockReaction.on', ...place };
    checkpoints.parked.keep({ ...on, position: 0, attempts: 8, reason: 'Error: nobody' });
    checkpoints.parked.keep({ ...on, position: 1, attempts: 0, reason: '' });
    checkpoints.save('neighbour', 2);
  });
});
afterEach(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(prepare: (made: ServiceRoom) => void = () => undefined): Promise<void> {
  const bus = new EventBus();
  bus.publish(neighbour);
  room = serviceRoom(
    { dataDir: folder, installation: 'sample', clock: new SystemClock(), tokenKey: key, bus },
    {
      name: 'door',
      module: DoorModule,
      events: {},
      views: [],
      types: { include: [], orphanedTypes: [] },
      guards: { Query: { fields: { doors: 'signed-in' } } },
      grantsOf: async () => [],
      reactions: [KnockReaction],
      providers: [DoorResolver],
    },
  );
  prepare(room);
  open = await listenAlone(room, { port: 0, host: '127.0.0.1' });
  await room.transport.caughtUp(10_000);
}

/** As if the power went between the event and what is kept of the parked stream. */
async function restartWith(parked: readonly object[]): Promise<void> {
  await open.close();
  await start((made) => {
    for (const each of parked) made.stores.checkpoints.parked.keep(each as never);
  });
}

async function token(role: Role, area = '0'): Promise<string> {
  const code = parseAreaCode(area);
  if (code === undefined) throw new Error(area);
  return issueToken(key, { subject: `${role}-1`, role, area: code, hours: 1 });
}

async function ask(path: string, role: Role | undefined, init: RequestInit = {}, area = '0') {
  const response = await fetch(new URL(path, open.url), {
    ...init,
    headers: {
      ...(role && { authorization: `Bearer ${await token(role, area)}` }),
      'accept-language': 'en',
      ...init.headers,
    },
    signal: AbortSignal.timeout(10_000),
  });
  const body = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: isJson ? JSON.parse(body) : body };
}

const post = (work: string, asked: object = {}, role: Role = 'operator') =>
  ask(`/ops/parked/${work}`, role, { method: 'POST', body: JSON.stringify(asked) });

const skips = async () =>
  (await room.stores.log.read(0, 100)).map(({ stream, actor, event }) => ({
    recordedIn: stream,
    actor,
    ...event,
  }));

describe('what is parked', () => {
  it('is listed with where it stands and why, and with what queues behind it', async () => {
    expect(await post('list')).toEqual({
      status: 200,
      body: {
        parked: [
          {
            id: ID,
            service: 'door',
            handler: 'KnockReaction.on',
            origin: 'neighbour',
            stream: 'knock-1',
            position: 0,
            type: 'Knocked',
            reason: 'Error: nobody',
            since: AT,
            attempts: 8,
            queued: 2,
          },
        ],
      },
    });
    expect((await post('list', { stream: 'knock-2' })).body).toEqual({ parked: [] });
    expect((await post('list', { service: 'door', id: ID })).body.parked).toHaveLength(1);
  });

  it('goes on when it is tried again, and is then parked no more', async () => {
    expect((await post('retry')).body).toEqual({
      retried: [{ id: ID, done: 0, failure: 'Error: nobody at home' }],
    });
    isDeaf = false;
    expect((await post('retry', { id: ID })).body).toEqual({ retried: [{ id: ID, done: 3 }] });
    expect(done).toEqual(['0 Knocked', '1 Knocked', '2 Knocked']);
    expect((await post('retry')).body.errors[0].message).toContain('nothing like that is parked');
  });

  it('is passed over with a reason, which the log keeps with who gave it', async () => {
    const skipped = await post('skip', { handler: 'KnockReaction.on', reason: '门已拆除' });
    expect(skipped.body).toEqual({ skipped: { id: ID, done: 2 } });
    expect(done).toEqual(['1 Knocked', '2 Knocked']);
    expect(await skips()).toEqual([
      {
        type: 'DeliverySkipped',
        recordedIn: 'log-door',
        actor: 'operator-1',
        handler: 'KnockReaction.on',
        origin: 'neighbour',
        stream: 'knock-1',
        position: 0,
        reason: '门已拆除',
        at: expect.any(String),
      },
    ]);
  });

  it('is passed over once, also when the power went before that was kept', async () => {
    const { parked } = (await post('list')).body;
    await post('skip', { reason: '门已拆除' });
    const [{ id: _, service: __, queued: ___, ...row }] = parked;
    await restartWith([row]);
    expect((await post('list')).body).toEqual({ parked: [] });
    expect(await skips()).toHaveLength(1);
    expect(done).toEqual(['1 Knocked', '2 Knocked']);
  });

  it.each([
    ['no reason', { id: ID }, 'a reason of 1 to 500 characters'],
    ['a blank reason', { id: ID, reason: ' ' }, 'a reason of 1 to 500 characters'],
    ['a reason that is too long', { id: ID, reason: 'x'.repeat(501) }, 'a reason of 1 to 500'],
    ['what is not parked', { id: 'door/Other/x/y', reason: 'x' }, 'nothing like that is parked'],
    ['a word that means nothing', { everything: 'x', reason: 'x' }, 'everything is no text'],
  ])('is not passed over with %s', async (_, asked, why) => {
    const { status, body } = await post('skip', asked);
    expect([status, body.errors[0].extensions.code]).toEqual([400, 'REQUEST_MALFORMED']);
    expect(body.errors[0].message).toContain(why);
    expect(await skips()).toEqual([]);
  });

  it('is nobody’s but the operator’s', async () => {
    expect((await post('skip', { reason: 'x' }, 'supervisor')).status).toBe(403);
    expect((await post('retry', {}, 'auditor')).status).toBe(403);
    const local = { method: 'POST', body: '{}' };
    expect((await ask('/ops/parked/list', 'operator', local, '4305')).status).toBe(403);
    expect((await ask('/ops/parked/list', undefined, local)).status).toBe(401);
    const long = { method: 'POST', body: JSON.stringify({ id: 'x'.repeat(20_000) }) };
    expect((await ask('/ops/parked/list', 'operator', long)).status).toBe(400);
    const list = { method: 'POST', body: '[]' };
    expect((await ask('/ops/parked/list', 'operator', list)).status).toBe(400);
  });
});

describe('views', () => {
  const views = (work: string, asked: object = { service: 'door' }, role: Role = 'operator') =>
    ask(`/ops/views/${work}`, role, { method: 'POST', body: JSON.stringify(asked) });

  it('are made anew and gone back to, and it is shown which generation answers', async () => {
    expect((await views('rebuild')).body).toEqual({
      switched: { service: 'door', generation: 2, comparisons: [] },
    });
    expect((await views('list', {}, 'auditor')).body.views).toMatchObject([
      { service: 'door', head: 0, position: 0, generation: 2, before: 1, rebuild: null },
    ]);
    expect((await views('back')).body).toEqual({ switched: { service: 'door', generation: 1 } });
  });

  it.each<[string, string, object, string]>([
    ['of nobody', 'rebuild', {}, 'say of which service'],
    ['of who is not here', 'rebuild', { service: 'window' }, 'no service window runs here'],
    ['with no way back', 'back', { service: 'door' }, 'no generation before to go back to'],
    ['by stream', 'list', { stream: 'knock-1' }, 'stream is no text'],
  ])('are refused %s', async (_, work, asked, why) => {
    const { status, body } = await views(work, asked);
    expect([status, body.errors[0].extensions.code]).toEqual([400, 'REQUEST_MALFORMED']);
    expect(body.errors[0].message).toContain(why);
  });

  it('are made anew by nobody but the operator', async () => {
    expect((await views('rebuild', undefined, 'auditor')).status).toBe(403);
    expect((await views('back', undefined, 'supervisor')).status).toBe(403);
    expect((await views('list', {}, 'supervisor')).status).toBe(403);
    expect((await ask('/ops/views/list', undefined, { method: 'POST', body: '{}' })).status).toBe(
      401,
    );
    expect((await views('drop')).status).toBe(404);
  });
});

describe('how far a service is', () => {
  it('is shown in numbers, to operators and auditors', async () => {
    for (const role of ['operator', 'auditor'] as const) {
      const { body } = await ask('/status.json', role);
      expect(body.services).toMatchObject([
        {
          service: 'door',
          head: 0,
          views: { position: 0, lagEvents: 0, lagSeconds: 0, parked: 0 },
          heard: [{ origin: 'neighbour', position: 3, head: 3, lagEvents: 0, lagSeconds: 0 }],
          parked: { streams: 1, queued: 2 },
        },
      ]);
      expect(body.services[0].parked.oldestSeconds).toBeGreaterThan(0);
      expect(JSON.stringify(body)).not.toContain('knock-1');
    }
    const asJson = await ask('/status', 'operator', { headers: { accept: 'application/json' } });
    expect(asJson.body.services).toHaveLength(1);
    expect((await ask('/status', 'supervisor')).status).toBe(403);
    expect((await ask('/status', undefined)).status).toBe(401);
  });

  it('is a page for people, without names of records', async () => {
    const { status, body } = await ask('/status', 'operator');
    expect(status).toBe(200);
    expect(body).toContain('<h2>door</h2>');
    expect(body).toMatch(/class="bad"><th>搁置 Parked streams<\/th><td>1</);
    expect(body).not.toContain('knock-1');
  });

  it('is measured by machines without a token', async () => {
    const { body } = await ask('/metrics', undefined);
    expect(body).toContain('# TYPE fengqiao_parked_streams gauge\nfengqiao_parked_streams{');
    expect(body).toContain('fengqiao_parked_streams{service="door"} 1\n');
    expect(body).toContain('fengqiao_parked_queued_events{service="door"} 2\n');
    expect(body).toContain('fengqiao_consumer_lag_events{service="door",origin="neighbour"} 0\n');
    expect(body).toContain('fengqiao_views_lag_seconds{service="door"} 0\n');
    expect(body).not.toContain('knock-1');
  });
});

it('says that there is nothing to ask where no service runs, as in a gateway alone', async () => {
  const routes = opsRoutes([], { identities: room.identities, clock: room.clock });
  const alone = createServer(
    (request, response) => void routes(request, response, () => undefined),
  );
  await new Promise<void>((resolve) => alone.listen(0, '127.0.0.1', resolve));
  const { port } = alone.address() as AddressInfo;
  const list = { method: 'POST', body: '{}' };
  for (const thing of ['parked', 'views']) {
    const { status, body } = await ask(
      `http://127.0.0.1:${port}/ops/${thing}/list`,
      'operator',
      list,
    );
    expect([status, body.errors[0].message]).toEqual([
      400,
      expect.stringContaining('no service runs in this process'),
    ]);
  }
  await new Promise((resolve) => alone.close(resolve));
});
