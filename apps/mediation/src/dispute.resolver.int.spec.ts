import { setTimeout as delay } from 'node:timers/promises';
import type { Role } from '#libs/access';
import { CHEN, DISPUTE, FACTS, lives, MEDIATION_DUE, reported, ZHANG } from '../test/disputes.js';
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

describe('the time to mediate in', () => {
  const TERM = 'term { name dueAt isProvisional explanation passed }';
  const ONE = `query ($id: ID!) { dispute(id: $id) { ${TERM} } }`;
  const LATE = `query ($area: [_Any!]!) {
    _entities(representations: $area) {
      ... on Area { disputes(status: TERM_PASSED) { nodes { id } } }
    }
  }`;
  const EXTEND = `mutation ($input: ExtendTermInput!) {
    extendTerm(input: $input) { dispute { ${TERM} } }
  }`;
  const PAUSE = `mutation ($input: PauseTermInput!) {
    pauseTerm(input: $input) { dispute { ${TERM} } }
  }`;
  const RESUME = `mutation ($input: ResumeTermInput!) {
    resumeTerm(input: $input) { dispute { ${TERM} } }
  }`;
  const agreedBy = [ZHANG, CHEN];
  const mediator = (source: string, input: object) =>
    asked('mediator', '4305', source, { input: { disputeId: DISPUTE, ...input } });
  const late = async () => {
    const area = [{ __typename: 'Area', code: '4305' }];
    const { data } = await asked('reader', '4305', LATE, { area });
    return JSON.stringify(data);
  };

  it('passed in April: that is soon recorded, seen and listed, and told in a sentence', async () => {
    for (let tries = 0; tries < 50 && !(await late()).includes(DISPUTE); tries += 1) {
      await delay(100);
    }
    expect(await late()).toContain(DISPUTE);
    const { data } = await asked('reader', '4305', ONE, { id: DISPUTE });
    expect(data).toEqual({
      dispute: {
        term: {
          name: 'MEDIATION',
          dueAt: MEDIATION_DUE,
          isProvisional: false,
          explanation:
            '30 days from 2026-03-03, the first day not counted, ends on 2026-04-02 at 24:00.',
          passed: true,
        },
      },
    });
  });

  it('is told in Chinese to who reads Chinese', async () => {
    const { data } = await office.asked('reader', '4305', ONE, { id: DISPUTE }, 'zh');
    const explanation = '自2026-03-03起30日，首日不计，于2026-04-02 24:00届满。';
    expect(data).toMatchObject({ dispute: { term: { explanation } } });
  });

  it('is extended by all parties only, and only by who mediates', async () => {
    const alone = await mediator(EXTEND, { days: 999, agreedBy: [ZHANG] });
    expect(alone.codes).toEqual(['TERM_NOT_AGREED']);
    const input = { disputeId: DISPUTE, days: 999, agreedBy };
    expect((await asked('reader', '4305', EXTEND, { input })).codes).toEqual(['ROLE_MAY_NOT']);
    const longer = await mediator(EXTEND, { days: 999, agreedBy });
    expect(longer.data).toMatchObject({ extendTerm: { dispute: { term: { passed: false } } } });
    expect(await late()).not.toContain(DISPUTE);
  });

  it('stands while it is paused, and goes on', async () => {
    const paused = await mediator(PAUSE, { agreedBy });
    expect(paused.data).toMatchObject({ pauseTerm: { dispute: { term: { dueAt: null } } } });
    const resumed = await mediator(RESUME, {});
    const dueAt = expect.stringContaining('T16:00:00.000Z') as string;
    expect(resumed.data).toMatchObject({ resumeTerm: { dispute: { term: { dueAt } } } });
  });
});
