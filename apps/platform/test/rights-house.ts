import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql, type GraphQLError, type GraphQLSchema } from 'graphql';
import { claimedIdentity, type Identity, openTokenKey, type Role } from '#libs/access';
import { type AreaCode, areaCodeField } from '#libs/contracts';
import { EventBus } from '#libs/event-bus';
import {
  closeRooms,
  openRoom,
  type OpenRoom,
  type Scheduler,
  type ServiceRoom,
  SystemClock,
} from '#libs/service';
import { supergraphSchema } from '../../gateway/src/supergraph.js';
import { AreaService } from '../../grid-registry/src/area.service.js';
import { type ServiceSettings, serviceRooms } from '../src/rooms.js';

const SUPERGRAPH = new URL('../../gateway/schema/supergraph.graphql', import.meta.url);
const SETTINGS: ServiceSettings = {
  mediationDays: 30,
  holidayShift: true,
  consentDays: 3,
  recheckDays: 3,
};

export const code = (text: string): AreaCode => areaCodeField.parse(text);
export const COUNTY = code('430502');
export const TOWNSHIP = code('430502001');
export const VILLAGE = code('430502001001');
export const GRID = code('430502001001001');
/** Another township, of another county. */
export const ELSEWHERE = code('430503001');

export interface Answer {
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly GraphQLError[];
  readonly codes: readonly unknown[];
}

/** A system with one role in one area. */
export const system = (role: Role, area: AreaCode, subject = `${role}-1`): Identity =>
  claimedIdentity({ subject, role, area });

/** A person who signed in, whatever their token claims. */
export const person = (subject: string, claims: Identity['claims'] = []): Identity => ({
  subject,
  kind: 'person',
  claims,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
});

/** All services and the graph over them, in one process and without HTTP. */
export class RightsHouse {
  private constructor(
    readonly dataDir: string,
    readonly rooms: readonly ServiceRoom[],
    private readonly open: readonly OpenRoom[],
    readonly graph: GraphQLSchema,
  ) {}

  static async start(clock: Scheduler = new SystemClock()): Promise<RightsHouse> {
    const dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-rights-'));
    const host = { dataDir, clock, installation: 'sample', bus: new EventBus() };
    const rooms = serviceRooms({ ...host, tokenKey: openTokenKey(dataDir) }, SETTINGS);
    const open: OpenRoom[] = [];
    for (const room of rooms) open.push(await openRoom(room));
    const schemas = rooms.map(({ name }, index) => [name, open[index]!.schema] as const);
    const graph = supergraphSchema(readFileSync(SUPERGRAPH, 'utf8'), Object.fromEntries(schemas));
    const areas = open[0]!.get(AreaService);
    const named = [COUNTY, TOWNSHIP, VILLAGE].map((area) => ({ code: area, name: '示例' }));
    await areas.registerAreas(named, COUNTY);
    return new RightsHouse(dataDir, rooms, open, graph);
  }

  /** What a service answers by itself, without the graph over all. */
  schemaOf(service: string): GraphQLSchema {
    return this.open[this.rooms.findIndex(({ name }) => name === service)]!.schema;
  }

  async ask(identity: Identity, source: string, more: Asked = {}): Promise<Answer> {
    const contextValue = { identity, language: 'en', headers: {}, ...more.context };
    const { data, errors = [] } = await graphql({
      schema: more.schema ?? this.graph,
      source,
      variableValues: { ...more.variables },
      contextValue,
    });
    const codes = errors.map(({ extensions }) => extensions['code']);
    return { data: data as Answer['data'], errors, codes };
  }

  /** Sends a command that must succeed, and answers the id of what it is about. */
  async does(identity: Identity, command: string, input: object, shown = ''): Promise<string> {
    const type = `${command[0]!.toUpperCase()}${command.slice(1)}Input`;
    const record = shown === '' ? `record: ${RECORDS[command]} { id }` : shown;
    const source = `mutation ($input: ${type}!) { done: ${command}(input: $input) { ${record} } }`;
    const { data, errors } = await this.ask(identity, source, { variables: { input } });
    if (errors.length > 0) throw new Error(`${command}: ${errors[0]!.message}`);
    const done = data?.['done'] as { record: { id: string } };
    return done.record.id;
  }

  /** Resolves when the services have nothing more to tell each other. */
  async settled(): Promise<void> {
    const heads = async (): Promise<string> =>
      (await Promise.all(this.rooms.map(({ stores }) => stores.log.head()))).join();
    for (let before = ''; before !== (await heads());) {
      before = await heads();
      for (const { transport } of this.rooms) await transport.caughtUp(10_000);
    }
  }

  async close(): Promise<void> {
    await closeRooms(this.open);
    rmSync(this.dataDir, { recursive: true });
  }
}

interface Asked {
  readonly variables?: object;
  readonly context?: object;
  readonly schema?: GraphQLSchema;
}

/** What the payload of a command is about. */
const RECORDS: Readonly<Record<string, string>> = {
  createPost: 'post',
  appointHolder: 'post',
  releaseHolder: 'post',
  reportDispute: 'dispute',
  giveConsent: 'dispute',
  assignMediator: 'dispute',
  recordSession: 'dispute',
  settleDispute: 'dispute',
  foundTeam: 'team',
  enrolVolunteer: 'volunteer',
  publishShift: 'shift',
  claimShift: 'shift',
  checkIn: 'shift',
  checkOut: 'shift',
  cancelShift: 'shift',
  noteObservation: 'observation',
  registerPlace: 'place',
  closePlace: 'place',
  recordInspection: 'inspection',
  reportHazard: 'hazard',
};
