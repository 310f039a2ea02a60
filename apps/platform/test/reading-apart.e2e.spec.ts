import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken, openTokenKey } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { EventBus } from '#libs/event-bus';
import {
  closeHttp,
  identitiesOf,
  listenAlone,
  type ListeningRoom,
  newId,
  readSettings,
  type ServiceRoom,
  SystemClock,
} from '#libs/service';
import { openGateway } from '../../gateway/src/gateway-app.js';
import { loadFirstAreas } from '../../grid-registry/divisions/first-load.js';
import { AreaService } from '../../grid-registry/src/area.service.js';
import { mediation } from '../../mediation/src/mediation.module.js';
import { serviceRooms } from '../src/rooms.js';
import { Client } from './client.js';
import { Office } from './office.js';

const GRID = '430502001001001';
const LIMIT_MS = 60_000;

const dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-apart-'));
const tokenKey = openTokenKey(dataDir);
const settings = readSettings('platform', { DATA_DIR: dataDir });
const identities = identitiesOf({ dataDir, tokenKey });
const host = { dataDir, installation: 'sample', clock: new SystemClock(), tokenKey };

let rooms: readonly ServiceRoom[];
let listening: ReadonlyMap<string, ListeningRoom>;
let gateway: Awaited<ReturnType<typeof openGateway>>;
let token: string;
let through: Client;
let office: Office;

/** Every service answers HTTP for itself, as in processes of their own, and hears the others. */
beforeAll(async () => {
  rooms = serviceRooms({ ...host, bus: new EventBus() }, settings);
  const open = new Map<string, ListeningRoom>();
  for (const room of rooms)
    open.set(room.name, await listenAlone(room, { port: 0, host: '127.0.0.1' }));
  listening = open;
  await loadFirstAreas(open.get('grid-registry')!.get(AreaService), { write: () => true });
  gateway = await openGateway({ identities, publicUrl: '' }, Object.fromEntries(open));
  await gateway.listen(0, '127.0.0.1');
  const area = parseAreaCode('4305')!;
  token = await issueToken(tokenKey, { subject: 'spec', role: 'supervisor', area, hours: 1 });
  through = new Client(`${await gateway.getUrl()}/graphql`, token);
  office = new Office(through);
  await office.openGrid(GRID, '东风路一网格');
  await settled();
}, LIMIT_MS);

afterAll(async () => {
  await closeHttp(gateway);
  for (const room of listening.values()) await room.close();
  rmSync(dataDir, { recursive: true });
}, LIMIT_MS);

async function settled(): Promise<void> {
  for (let rounds = 0; rounds < 3; rounds += 1) {
    for (const { transport } of rooms) await transport.caughtUp(5000);
  }
}

const heads = (): Promise<readonly string[]> =>
  Promise.all(rooms.map(async ({ stores: { log } }) => `${log.origin}@${(await log.head()) - 1}`));
const direct = (service: string, headers: Readonly<Record<string, string>> = {}): Client =>
  new Client(listening.get(service)!.url, token, headers);

const DISPUTE = `query ($id: ID!, $asOf: [AsOf!], $min: [Position!]) {
  dispute(id: $id, asOf: $asOf, minPosition: $min) { status facts grid { name } mediator { name } }
}`;

describe('a gateway hands the moment on to services of other processes', () => {
  let id: string;
  let then: readonly string[];
  let time: string;
  const answered = {
    status: 'ASSIGNED',
    grid: { name: '东风路一网格' },
    mediator: { name: '李调解' },
  };

  beforeAll(async () => {
    const mediator = await office.appoint('MEDIATOR', '430502', '李调解');
    ({ id } = await office.accepted(GRID));
    await office.assign(id, mediator.holder);
    then = await heads();
    time = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await office.done('renameGrid', { code: GRID, name: '新名' });
    await office.release(mediator.post, '调离岗位');
    await settled();
  }, LIMIT_MS);

  it('so that all answer as of it, by time and by positions', async () => {
    for (const asOf of [then, time]) {
      const { data, codes } = await through.ask(DISPUTE, { id, asOf });
      expect(codes).toEqual([]);
      expect(data).toMatchObject({ dispute: answered });
    }
    const now = { status: 'ACCEPTED', grid: { name: '新名' }, mediator: null };
    expect((await through.ask(DISPUTE, { id })).data).toMatchObject({ dispute: now });
  });

  it('so that those behind others say when the moment is none to them', async () => {
    const only = then.filter((position) => position.startsWith('mediation'));
    const { data, codes } = await through.ask(DISPUTE, { id, asOf: only });
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes)).toEqual(new Set(['AS_OF_INCOMPLETE']));
    expect(JSON.stringify(data)).not.toContain('新名');
  });

  it('and a minimum as well, which each waits for', async () => {
    const { dispute } = await office.done('reportDispute', office.reportInput(GRID));
    const { position } = await office.done('renameGrid', { code: GRID, name: '再改' });
    const { data } = await through.ask(DISPUTE, { id: dispute.id, min: position });
    expect(data).toMatchObject({ dispute: { grid: { name: '再改' } } });
    const far = await through.ask(DISPUTE, { id, min: 'grid-registry@999999999' });
    expect(new Set(far.codes)).toEqual(new Set(['POSITION_UNKNOWN']));
  });

  it('a service that is asked directly takes the arguments itself', async () => {
    const query = `query ($id: ID!, $asOf: [AsOf!]) { dispute(id: $id, asOf: $asOf) { status } }`;
    const { data } = await direct('mediation').ask(query, { id, asOf: then });
    expect(data).toEqual({ dispute: { status: 'ASSIGNED' } });
    const wrong = await direct('mediation').ask(query, { id, asOf: 'then' });
    expect([wrong.status, wrong.codes]).toEqual([400, ['AS_OF_MALFORMED']]);
  });

  it('and what a gateway hands on, for references too', async () => {
    const reference = `query ($of: [_Any!]!) {
      _entities(representations: $of) { ... on Dispute { status } }
    }`;
    const of = [{ __typename: 'Dispute', id }];
    const asOf = { 'fengqiao-as-of': then.join(', ') };
    const { data } = await direct('mediation', asOf).ask(reference, { of });
    expect(data).toEqual({ _entities: [{ status: 'ASSIGNED' }] });
    const wrong = await direct('mediation', { 'fengqiao-as-of': 'then' }).ask(reference, { of });
    expect([wrong.status, wrong.codes]).toEqual([400, ['AS_OF_MALFORMED']]);
  });

  it('what was erased since stays erased', async () => {
    const { data: before } = await through.ask(DISPUTE, { id, asOf: then });
    expect(before).toMatchObject({ dispute: { facts: expect.any(String) } });
    rooms.find(({ name }) => name === 'mediation')!.stores.keys.destroy(id);
    const { data, codes } = await through.ask(DISPUTE, { id, asOf: then });
    expect(codes).toEqual([]);
    expect(data).toMatchObject({ dispute: { ...answered, facts: null } });
  });
});

it('a service that hears nobody says so instead of answering', async () => {
  const deaf = mediation(
    { ...host, dataDir: join(dataDir, 'deaf'), bus: new EventBus() },
    { days: 30, holidayShift: true, consentDays: 3 },
  );
  const room = await listenAlone(deaf, { port: 0, host: '127.0.0.1' });
  try {
    const client = new Client(room.url, token, { 'accept-language': 'en' });
    const asked = { id: newId(), min: ['grid-registry@0'] };
    const query = `query ($id: ID!, $min: [Position!]) { dispute(id: $id, minPosition: $min) { id } }`;
    const { codes, errors } = await client.ask(query, asked);
    expect(codes).toEqual(['VIEWS_BEHIND']);
    expect(errors[0]!.extensions).toMatchObject({ retryAfterMs: 1000 });
    expect(errors[0]!.message).toContain('grid-registry@0');
  } finally {
    await room.close();
  }
});
