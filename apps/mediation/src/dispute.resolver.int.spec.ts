import type { Role } from '#libs/access';
import { DISPUTE, FACTS, lives, reported } from '../test/disputes.js';
import { openOffice } from '../test/office.js';
import { tell } from '../test/room.js';

let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  office = await openOffice();
  const { log, sealing } = office.stores;
  const facts = sealing.seal(DISPUTE, { text: FACTS });
  const [, ...later] = lives.mediating;
  await tell(log, { [`dispute-${DISPUTE}`]: [{ ...reported, facts }, ...later] });
});

afterAll(() => office.close());

const asked = (role: Role, area: string, source: string, variables: object) =>
  office.asked(role, area, source, variables);

const BY_ID = 'query ($id: ID!) { found: dispute(id: $id) { status } }';
const BY_REFERENCE = `query ($of: [_Any!]!) {
  found: _entities(representations: $of) { ... on Dispute { status } }
}`;
const FILE = 'query ($id: ID!) { dispute(id: $id) { status facts parties { name } } }';
const RECORD =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { position } }';

describe('who may read a dispute', () => {
  const of = [{ __typename: 'Dispute', id: DISPUTE }];

  it('is who reads in its area, by id and by reference alike', async () => {
    const one = await asked('reader', '430502', BY_ID, { id: DISPUTE });
    expect(one).toEqual({ data: { found: { status: 'MEDIATING' } }, codes: undefined });
    const referred = await asked('reader', '430502', BY_REFERENCE, { of });
    expect(referred).toEqual({ data: { found: [{ status: 'MEDIATING' }] }, codes: undefined });
  });

  it('is nobody of another area, by id and by reference alike', async () => {
    const one = await asked('supervisor', '430503', BY_ID, { id: DISPUTE });
    expect(one).toEqual({ data: { found: null }, codes: ['OUT_OF_SCOPE'] });
    const referred = await asked('supervisor', '430503', BY_REFERENCE, { of });
    expect(referred).toEqual({ data: { found: [null] }, codes: ['OUT_OF_SCOPE'] });
  });

  it('does not see what it tells of people without working on disputes', async () => {
    const reader = await asked('reader', '4305', FILE, { id: DISPUTE });
    expect(reader.data).toEqual({ dispute: { status: 'MEDIATING', facts: null, parties: null } });
    expect(reader.codes).toEqual(['ROLE_MAY_NOT', 'ROLE_MAY_NOT']);
    const mediator = await asked('mediator', '4305', FILE, { id: DISPUTE });
    expect(mediator.data).toMatchObject({ dispute: { facts: FACTS } });
  });
});

describe('when a session was held', () => {
  const recorded = (heldAt: string) =>
    asked('mediator', '4305', RECORD, {
      input: { disputeId: DISPUTE, heldAt, summary: '双方各自说明情况。' },
    });

  it.each([
    ['a week', '2026-W01-1'],
    ['a week, with a time', '2026-W01-1T10:00:00Z'],
    ['a day without a time', '2026-03-03'],
    ['a time without an offset', '2026-03-03T10:00:00'],
    ['a day that is in no calendar', '2026-02-30T10:00:00Z'],
    ['a second that no clock shows', '2026-03-03T10:00:61Z'],
    ['no time at all', 'yesterday'],
  ])('is refused as %s', async (_, heldAt) => {
    expect(await recorded(heldAt)).toEqual({
      data: { recordSession: null },
      codes: ['INPUT_INVALID'],
    });
  });

  it('is kept in UTC, whatever the offset it was told with', async () => {
    expect((await recorded('2026-03-04T09:30:00+08:00')).codes).toBeUndefined();
    const query = 'query ($id: ID!) { dispute(id: $id) { sessions { heldAt } } }';
    const { data } = await asked('mediator', '4305', query, { id: DISPUTE });
    expect(data).toMatchObject({
      dispute: { sessions: [{}, { heldAt: '2026-03-04T01:30:00.000Z' }] },
    });
  });
});
