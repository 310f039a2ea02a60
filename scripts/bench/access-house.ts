import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { graphql, type GraphQLSchema, isObjectType } from 'graphql';
import { claimedIdentity, type Identity, issueToken, openTokenKey, type Role } from '#libs/access';
import { type AreaCode, parseAreaCode } from '#libs/contracts';
import { EventBus } from '#libs/event-bus';
import {
  closeRooms,
  identitiesOf,
  openRoom,
  type OpenRoom,
  requestContext,
  type RequestContext,
  resolverBehind,
  type ServiceRoom,
  SystemClock,
} from '#libs/service';
import type { Identities } from '#libs/sign-in';

// Decorators have to be compiled: the services are taken as they were built.
const built = (path: string): string => new URL(`../../dist/apps/${path}`, import.meta.url).href;
type Rooms = typeof import('../../apps/platform/src/rooms.ts');
type Supergraph = typeof import('../../apps/gateway/src/supergraph.ts');
type Areas = typeof import('../../apps/grid-registry/src/area.service.ts');

const SUPERGRAPH = new URL('../../apps/gateway/schema/supergraph.graphql', import.meta.url);
const SETTINGS = { mediationDays: 30, holidayShift: true, consentDays: 3, recheckDays: 3 };

function code(text: string): AreaCode {
  const area = parseAreaCode(text);
  if (area === undefined) throw new Error(`${text} is no area code`);
  return area;
}

const COUNTY = code('430502');
const TOWNSHIP = code('430502001');
const VILLAGE = code('430502001001');
export const GRID = code('430502001001001');
const ROWS = 20;

/** Who asks in the measurement: somebody with a post, so that every service has to look it up. */
const ACCOUNT = 'leader-1';

/** One screen of a grid leader: lists of three services, with names and texts in them. */
const SCREEN = `{ area(code: "${GRID}") {
  name path { code name }
  posts { id kind holder { id name } }
  disputes(first: ${ROWS}) { totalCount nodes {
    id type status reportedAt dueAt facts parties { id name } grid { code name }
  } }
  hazards(first: ${ROWS}) { totalCount nodes { id grade status foundAt description } }
  patrols(first: ${ROWS}) { totalCount nodes { id startsAt status } }
} }`;

interface Parts {
  readonly dataDir: string;
  readonly rooms: readonly ServiceRoom[];
  readonly open: readonly OpenRoom[];
  readonly graph: GraphQLSchema;
  readonly identities: Identities;
  readonly token: string;
}

/** The whole platform but for HTTP, with the work of one grid in it. */
export class AccessHouse {
  private readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = parts;
  }

  static async start(dir: string): Promise<AccessHouse> {
    Logger.overrideLogger(false);
    const { serviceRooms } = (await import(built('platform/src/rooms.js'))) as Rooms;
    const { supergraphSchema } = (await import(built('gateway/src/supergraph.js'))) as Supergraph;
    const { AreaService } = (await import(built('grid-registry/src/area.service.js'))) as Areas;
    const dataDir = mkdtempSync(join(dir, 'access-'));
    const tokenKey = openTokenKey(dataDir);
    const identities = identitiesOf({ dataDir, tokenKey });
    const host = { dataDir, clock: new SystemClock(), installation: 'bench', bus: new EventBus() };
    const rooms = serviceRooms({ ...host, tokenKey }, SETTINGS);
    const opened = new Map<string, OpenRoom>();
    for (const room of rooms) opened.set(room.name, await openRoom(room));
    const open = [...opened.values()];
    const schemas = [...opened].map(([name, { schema }]) => [name, schema] as const);
    const sdl = readFileSync(SUPERGRAPH, 'utf8');
    const graph = supergraphSchema(sdl, Object.fromEntries(schemas));
    const named = [COUNTY, TOWNSHIP, VILLAGE].map((area) => ({ code: area, name: '示例' }));
    await opened.get('grid-registry')?.get(AreaService).registerAreas(named, COUNTY);
    const request = { subject: ACCOUNT, role: 'grid-leader', area: VILLAGE, hours: 1 } as const;
    const token = await issueToken(tokenKey, request);
    const house = new AccessHouse({ dataDir, rooms, open, graph, identities, token });
    await house.furnish();
    return house;
  }

  /** One screen as a request brings it: the token is verified, rights are looked up and asked. */
  async guarded(): Promise<void> {
    const headers = { authorization: `Bearer ${this.parts.token}`, 'accept-language': 'en' };
    const context = await requestContext(this.parts.identities, headers);
    const identity: Identity = { ...context.identity, kind: 'person' };
    await this.screen({ ...context, identity });
  }

  /** The same screen without any of that. */
  async plain(): Promise<void> {
    await this.screen(this.asked('supervisor', COUNTY));
  }

  /** Takes the guards from the fields of this house. */
  unguard(): void {
    for (const { schema } of this.parts.open) {
      for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
        for (const field of Object.values(type.getFields())) {
          const behind = field.resolve && resolverBehind(field.resolve);
          if (behind !== undefined) field.resolve = behind as NonNullable<typeof field.resolve>;
        }
      }
    }
  }

  async close(): Promise<void> {
    await closeRooms(this.parts.open);
    rmSync(this.parts.dataDir, { recursive: true });
  }

  private async screen(contextValue: RequestContext): Promise<void> {
    const { data, errors } = await graphql({
      schema: this.parts.graph,
      source: SCREEN,
      contextValue,
    });
    const { disputes } = (data?.['area'] ?? {}) as { disputes?: { nodes: { facts: unknown }[] } };
    const shown = disputes?.nodes.filter(({ facts }) => facts !== null).length;
    if (errors !== undefined || shown !== ROWS) {
      throw new Error(`the screen is not whole: ${String(errors?.[0])}`);
    }
  }

  private asked(role: Role, area: AreaCode): RequestContext {
    const identity = claimedIdentity({ subject: `${role}-1`, role, area });
    return { identity, language: 'en', headers: {} };
  }

  private async does(role: Role, command: string, input: object, shown: string): Promise<string> {
    const type = `${command[0]?.toUpperCase()}${command.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { done: ${command}(input: $input) { ${shown} } }`;
    const contextValue = this.asked(role, COUNTY);
    const variableValues = { input };
    const { data, errors } = await graphql({
      schema: this.parts.graph,
      source,
      contextValue,
      variableValues,
    });
    if (errors !== undefined) throw new Error(`${command}: ${String(errors[0])}`);
    return (data?.['done'] as { record: { id: string } }).record.id;
  }

  private async furnish(): Promise<void> {
    const grid = { code: GRID, name: '第一网格' };
    await this.does('registrar', 'openGrid', grid, 'record: grid { id: code }');
    const made = 'record: post { id }';
    const post = { kind: 'GRID_LEADER', area: VILLAGE };
    const postId = await this.does('registrar', 'createPost', post, made);
    const holder = { postId, name: '示例甲', account: ACCOUNT };
    await this.does('registrar', 'appointHolder', holder, made);
    const parties = [{ name: '示例甲' }, { name: '示例乙' }];
    const dispute = { grid: GRID, type: 'NEIGHBOURS', facts: '楼道堆物。', parties };
    const place = { grid: GRID, kind: 'SHOP', name: '示例商店' };
    for (let row = 0; row < ROWS; row += 1) {
      await this.does('supervisor', 'reportDispute', dispute, 'record: dispute { id }');
      await this.does('supervisor', 'registerPlace', place, 'record: place { id }');
    }
    for (const { transport } of this.parts.rooms) await transport.caughtUp(10_000);
  }
}
