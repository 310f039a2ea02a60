import { Logger, Module } from '@nestjs/common';
import { Field, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken, openTokenKey, type TokenKey } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { EventBus } from '#libs/event-bus';
import { SystemClock } from '#libs/scheduler';
import { RowParked, ViewsBehind } from '#libs/views';
import { listenAlone, type ListeningRoom } from './open-room.js';
import { parts } from './guards.js';
import { serviceRoom } from './service-room.js';

@Module({})
class DoorModule {}

@ObjectType({ registerIn: () => DoorModule })
class Door {
  @Field()
  id!: string;
}

/** What it shows of a door, it cannot show. */
@Resolver(() => Door)
class DoorResolver {
  @Query(() => Door)
  door(): Door {
    return { id: 'a' };
  }

  @ResolveField(() => String, { nullable: true })
  async parked(): Promise<string> {
    throw new RowParked('doors', 'a', 'door-a', 17, 'why');
  }

  @ResolveField(() => String, { nullable: true })
  behind(): string {
    throw new ViewsBehind('doors', 12, 17);
  }

  @ResolveField(() => String, { nullable: true })
  async broken(): Promise<string> {
    throw new Error('secret');
  }
}

let folder: string;
let key: TokenKey;
let open: ListeningRoom;
const logged: string[] = [];
const note = (told: unknown): void => void logged.push(String(told));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-fields-'));
  key = openTokenKey(folder);
  const host = { dataDir: folder, installation: 'sample', clock: new SystemClock() };
  const room = serviceRoom(
    { ...host, tokenKey: key, bus: new EventBus() },
    {
      name: 'door',
      module: DoorModule,
      events: {},
      views: [],
      types: { include: [], orphanedTypes: [] },
      guards: {
        Query: { fields: { door: 'signed-in' } },
        Door: parts('id', 'parked', 'behind', 'broken'),
      },
      grantsOf: async () => [],
      reactions: [],
      providers: [DoorResolver],
    },
  );
  open = await listenAlone(room, { port: 0, host: '127.0.0.1' });
  Logger.overrideLogger({ log: note, warn: note, error: note });
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => void logged.splice(0));

async function errorOf(field: string): Promise<unknown> {
  const area = parseAreaCode('0');
  if (area === undefined) throw new Error('no area');
  const token = await issueToken(key, { subject: 'li-1', role: 'operator', area, hours: 1 });
  const response = await fetch(open.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: `{ door { id ${field} } }` }),
    signal: AbortSignal.timeout(10_000),
  });
  const { data, errors } = (await response.json()) as Record<'data' | 'errors', never>;
  expect(data).toEqual({ door: { id: 'a', [field]: null } });
  return errors[0];
}

it.each([
  ['parked', 'ROW_PARKED'],
  ['behind', 'VIEWS_BEHIND'],
])('a field that is %s says so, as a query does', async (field, code) => {
  expect(await errorOf(field)).toMatchObject({ path: ['door', field], extensions: { code } });
  expect(logged).toEqual([]);
});

it('a fault that nobody knows is logged, and the inside is not told', async () => {
  const error = await errorOf('broken');
  expect(error).toMatchObject({ extensions: { code: 'INTERNAL_ERROR' } });
  expect(JSON.stringify(error)).not.toContain('secret');
  expect(logged.join('\n')).toContain('secret');
});
