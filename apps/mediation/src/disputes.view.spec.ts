import fc from 'fast-check';
import { given } from '#libs/event';
import {
  accepted,
  areaCode,
  assigned,
  CHEN,
  CONSENT_DUE,
  consentTerm,
  DISPUTE,
  EAST,
  ended,
  enlisted,
  GRID,
  heard,
  id,
  LI,
  lives,
  moved,
  refused,
  reported,
  returned,
  settled,
  WANG,
  ZHANG,
  zhangAgreed,
} from '../test/disputes.js';
import { openMediation, tell } from '../test/room.js';
import { sealedText } from '../test/sealed.js';
import type { DisputeEvent } from './dispute.events.js';
import { disputes } from './dispute.js';
import { type DisputeRow, disputesView } from './disputes.view.js';
import type { MediationEvent } from './mediation.events.js';

/** The row of the dispute after these events. */
async function rowAfter(events: readonly DisputeEvent[]): Promise<DisputeRow | undefined> {
  const { log, views } = openMediation();
  await tell(log, { [`dispute-${DISPUTE}`]: events });
  return views.get(disputesView, DISPUTE);
}

describe('where a dispute stands', () => {
  it('waits for the parties once it is reported', async () => {
    expect(await rowAfter(lives.consentPending)).toEqual({
      id: DISPUTE,
      grid: GRID,
      type: 'NEIGHBOURS',
      facts: reported.facts,
      status: 'CONSENT_PENDING',
      open: true,
      reportedAt: reported.at,
      dueAt: null,
      term: { name: 'CONSENT', due: consentTerm.due, passed: false },
      waiting: true,
      waitsUntil: CONSENT_DUE,
      provisional: false,
      calendarVersion: 1,
      termPassed: false,
      parties: [
        { id: ZHANG, sealed: reported.parties[0]?.sealed, consented: false },
        { id: CHEN, sealed: reported.parties[1]?.sealed, consented: false },
      ],
      mediator: null,
      sessions: [],
      moves: [],
      returns: [],
      agreement: null,
      endReason: null,
      routesTold: [],
    });
  });

  it('shows who has agreed so far', async () => {
    const row = await rowAfter([reported, zhangAgreed]);
    expect(row?.parties.map(({ consented }) => consented)).toEqual([true, false]);
  });

  it('shows its mediator and the sessions that were held', async () => {
    const second = {
      ...heard,
      heldAt: '2026-03-08T01:00:00.000Z',
      summary: sealedText(DISPUTE, '已一同查看。'),
    };
    expect(await rowAfter([...lives.mediating, second])).toMatchObject({
      status: 'MEDIATING',
      mediator: LI,
      sessions: [
        { heldAt: heard.heldAt, summary: heard.summary },
        { heldAt: second.heldAt, summary: second.summary },
      ],
    });
  });

  it('is to be assigned again when it was returned: when, from whom, and its term goes on', async () => {
    expect(await rowAfter([...lives.mediating, returned])).toMatchObject({
      status: 'ACCEPTED',
      open: true,
      mediator: null,
      dueAt: '2026-04-02T16:00:00.000Z',
      returns: [{ at: returned.at, mediator: LI }],
      sessions: [{ heldAt: heard.heldAt }],
    });
  });

  it('keeps the agreement when it is settled, and who mediated', async () => {
    expect(await rowAfter(lives.settled)).toMatchObject({
      status: 'SETTLED',
      open: false,
      mediator: LI,
      agreement: { terms: settled.terms, performBy: '2026-03-31' },
    });
  });

  it('shows each move to another grid, and is found in the last one', async () => {
    const again = { ...moved, from: EAST, grid: GRID, at: settled.at };
    expect(await rowAfter([...lives.assigned, moved, again])).toMatchObject({
      status: 'ASSIGNED',
      grid: GRID,
      moves: [
        { from: GRID, to: EAST, at: moved.at },
        { from: EAST, to: GRID, at: settled.at },
      ],
    });
  });

  it('is not accepted when a party refuses before mediation, terminated when later', async () => {
    const told = { open: false, routesTold: ['ARBITRATION', 'ADMINISTRATIVE', 'COURT'] };
    expect(await rowAfter([reported, zhangAgreed, refused])).toMatchObject({
      ...told,
      status: 'NOT_ACCEPTED',
    });
    for (const life of [lives.accepted, lives.assigned, lives.mediating]) {
      expect(await rowAfter([...life, refused])).toMatchObject({ ...told, status: 'TERMINATED' });
    }
  });

  it('keeps why it ended without an agreement, and the routes that were told', async () => {
    expect(await rowAfter(lives.terminated)).toMatchObject({
      status: 'TERMINATED',
      open: false,
      endReason: ended.reason,
      routesTold: ['COURT'],
    });
  });

  it('is not accepted when it is ended before every party has agreed', async () => {
    const row = await rowAfter([reported, zhangAgreed, ended]);
    expect(row).toMatchObject({ status: 'NOT_ACCEPTED', open: false, endReason: ended.reason });
  });

  it('is what the rules say it is, at each status of its life', async () => {
    const inCapitals = (text: string) => text.replace(/[A-Z]/g, '_$&').toUpperCase();
    for (const events of Object.values(lives).filter(({ length }) => length > 0)) {
      const { status } = given(disputes, events).state;
      expect((await rowAfter(events))?.status).toBe(inCapitals(status));
    }
  });
});

describe('until when a dispute is to be mediated', () => {
  it.each([
    ['30 days after the day all agreed, which is not counted', '2026-03-03T02:00:00.000Z', 30],
    ['the day begins in Shanghai, not in Greenwich', '2026-03-02T16:00:00.000Z', 30],
    ['the last moment of a day belongs to it', '2026-03-03T15:59:59.999Z', 30],
    ['the term is the one that was recorded', '2026-02-16T02:00:00.000Z', 45],
  ])('%s', async (_, at, termDays) => {
    const row = await rowAfter([reported, { ...accepted, at, termDays }]);
    expect(row?.dueAt).toBe('2026-04-02T16:00:00.000Z');
  });

  it('is a day later for who agrees at midnight', async () => {
    const row = await rowAfter([reported, { ...accepted, at: '2026-03-03T16:00:00.000Z' }]);
    expect(row?.dueAt).toBe('2026-04-03T16:00:00.000Z');
  });
});

/** A life told of another dispute. */
const lifeOf = (dispute: string, events: readonly DisputeEvent[]): readonly DisputeEvent[] =>
  events.map((event) => ({ ...event, dispute }));

describe('the disputes of an area', () => {
  it('are found by what is open, by grid and by mediator, oldest first', async () => {
    const { log, views } = openMediation();
    const later = { ...reported, at: '2026-03-05T00:00:00.000Z' };
    const elsewhere = { ...reported, grid: areaCode('430503001001001') };
    await tell(log, {
      'dispute-d2': lifeOf(id('d2'), [later]),
      'dispute-d3': lifeOf(id('d3'), lives.settled),
      'dispute-d4': lifeOf(id('d4'), [elsewhere]),
      'dispute-d5': lifeOf(id('d5'), lives.mediating),
    });
    const found = async (where: object): Promise<readonly string[]> => {
      const query = { orderBy: ['reportedAt', 'id'], limit: 10 } as const;
      const rows = await views.find(disputesView, { ...where, ...query });
      return rows.map((row) => row.id.slice(-2));
    };
    const under = (prefix: string) => ({ under: { field: 'grid', prefix } });
    expect(await found({})).toEqual(['d3', 'd4', 'd5', 'd2']);
    expect(await found({ ...under('430502'), equals: { open: true } })).toEqual(['d5', 'd2']);
    expect(await found({ ...under('4305'), equals: { open: false } })).toEqual(['d3']);
    const byMediator = { equals: { open: true, mediator: LI }, orderBy: ['id'] } as const;
    expect(await views.findAll(disputesView, byMediator)).toMatchObject([{ id: id('d5') }]);
  });
});

describe('the order between streams', () => {
  const streams: Readonly<Record<string, readonly MediationEvent[]>> = {
    'dispute-d1': lifeOf(id('d1'), lives.settled),
    'dispute-d2': lifeOf(id('d2'), [...lives.mediating, returned, { ...assigned, mediator: WANG }]),
    'dispute-d3': lifeOf(id('d3'), lives.notAccepted),
    'dispute-d4': lifeOf(id('d4'), [...lives.accepted, moved]),
    'mediator-b1': [enlisted, { type: 'MediatorWithdrawn', mediator: LI, at: returned.at }],
  };
  const turns = Object.entries(streams).flatMap(([stream, events]) => events.map(() => stream));

  async function rowsInOrder(order: readonly string[]): Promise<readonly DisputeRow[]> {
    const { log, views } = openMediation();
    const taken = new Map<string, number>();
    for (const stream of order) {
      const next = taken.get(stream) ?? 0;
      taken.set(stream, next + 1);
      await tell(log, { [stream]: streams[stream]?.slice(next, next + 1) ?? [] });
    }
    return views.all(disputesView);
  }

  it('does not matter: any interleaving gives the same rows', async () => {
    const rows = await rowsInOrder(turns);
    const statuses = rows.map(({ status }) => status);
    expect(statuses).toEqual(['SETTLED', 'ASSIGNED', 'NOT_ACCEPTED', 'ACCEPTED']);
    const order = fc.shuffledSubarray(turns, { minLength: turns.length });
    const same = fc.asyncProperty(order, async (each) => {
      expect(await rowsInOrder(each)).toEqual(rows);
    });
    await fc.assert(same, { numRuns: 50 });
  });
});
