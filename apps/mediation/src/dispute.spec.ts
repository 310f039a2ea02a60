import fc from 'fast-check';
import { chinaCalendar } from '#libs/calendar';
import { covers } from '#libs/contracts';
import { type Decision, given, isRefusal } from '#libs/event';
import {
  CHEN,
  CONSENT_DUE,
  DISPUTE,
  EAST,
  ended,
  GRID,
  heard,
  LI,
  lives,
  MEDIATION_DUE,
  openGrid,
  refused,
  reported,
  returned,
  serving,
  settled,
  shutGrid,
  STRANGER,
  WANG,
  ZHANG,
} from '../test/disputes.js';
import { type DisputeEvent, disputeEvents } from './dispute.events.js';
import {
  giveConsent,
  isClosed,
  moveDispute,
  refuseMediation,
  reportDispute,
} from './dispute.intake.js';
import { type Dispute, type DisputeRefusal, disputes } from './dispute.js';
import {
  assignMediator,
  endMediation,
  recordSession,
  returnDispute,
  settleDispute,
} from './dispute.settlement.js';
import { extendTerm, markTermPassed, pauseTerm, resumeTerm } from './dispute.term.js';
import type { Mediator } from './mediator.js';

type DisputeDecision = Decision<DisputeEvent, DisputeRefusal>;

/** A command that anybody may send at any time. */
interface Step {
  readonly name: string;
  readonly decide: (dispute: Dispute) => DisputeDecision;
  /** What is known of whom it would assign. */
  readonly mediator?: Mediator;
}

/** What became of a step: the events before it and those that it led to. */
interface Taken extends Step {
  readonly before: readonly DisputeEvent[];
  readonly added: readonly DisputeEvent[];
  /** What the same step leads to right after it. */
  readonly again: DisputeDecision;
}

const { type: _reported, ...facts } = reported;
const report = { ...facts, consentDays: 3 };
const { type: _settled, ...settle } = settled;
const { type: _heard, ...session } = heard;
const { type: _returned, ...giveBack } = returned;
const { type: _ended, ...end } = ended;
const { routesTold } = refused;
const ids = { dispute: DISPUTE, at: settled.at };

const term = { termDays: 30, holidayShift: true };

const everyStep: readonly Step[] = [
  ...[{ status: 'none' } as const, openGrid, shutGrid].map((grid) => ({
    name: `report, grid ${grid.status}`,
    decide: (dispute: Dispute) => reportDispute(report, dispute, { grid, calendar: chinaCalendar }),
  })),
  ...[EAST, GRID].map((grid) => ({
    name: `move to ${grid}`,
    decide: (dispute: Dispute) => moveDispute({ ...ids, grid }, dispute),
  })),
  ...[ZHANG, CHEN, STRANGER].flatMap((party) => [
    {
      name: `consent of ${party}`,
      decide: (dispute: Dispute) => giveConsent({ ...ids, party, ...term }, dispute, chinaCalendar),
    },
    {
      name: `refusal of ${party}`,
      decide: (dispute: Dispute) => refuseMediation({ ...ids, party, routesTold }, dispute),
    },
  ]),
  ...[
    { status: 'none' } as const,
    { status: 'released' } as const,
    ...['0', '430502001001', '430502001001001', '430502001001002', '430503'].map(serving),
  ].flatMap((mediator) =>
    [LI, WANG].map((id) => ({
      name: `assign ${id}, ${JSON.stringify(mediator)}`,
      decide: (dispute: Dispute) => assignMediator({ ...ids, mediator: id }, dispute, mediator),
      mediator,
    })),
  ),
  ...[LI, WANG].map((mediator) => ({
    name: `return from ${mediator}`,
    decide: (dispute: Dispute) => returnDispute({ ...giveBack, mediator }, dispute),
  })),
  ...[heard.heldAt, '2027-01-01T00:00:00.000Z'].map((heldAt) => ({
    name: `session at ${heldAt}`,
    decide: (dispute: Dispute) => recordSession({ ...session, heldAt }, dispute),
  })),
  ...[[], [ZHANG], [CHEN, ZHANG], [ZHANG, CHEN, STRANGER]].map((signedBy) => ({
    name: `settle, signed by ${signedBy.join()}`,
    decide: (dispute: Dispute) => settleDispute({ ...settle, signedBy }, dispute),
  })),
  { name: 'end', decide: (dispute) => endMediation(end, dispute) },
  ...[[ZHANG], [CHEN, ZHANG]].flatMap((agreedBy) => [
    ...[20, 30, 45].map((days) => ({
      name: `extend to ${days}, agreed by ${agreedBy.join()}`,
      decide: (dispute: Dispute) => extendTerm({ ...ids, agreedBy, days }, dispute, chinaCalendar),
    })),
    {
      name: `pause, agreed by ${agreedBy.join()}`,
      decide: (dispute: Dispute) => pauseTerm({ ...ids, agreedBy }, dispute, chinaCalendar),
    },
  ]),
  { name: 'resume', decide: (dispute) => resumeTerm(ids, dispute, chinaCalendar) },
  ...[CONSENT_DUE, MEDIATION_DUE].flatMap((dueAt) =>
    (['CONSENT', 'MEDIATION'] as const).map((name) => ({
      name: `mark ${name} passed at ${dueAt}`,
      decide: (dispute: Dispute) =>
        markTermPassed({ dispute: DISPUTE, term: name, dueAt, at: dueAt }, dispute),
    })),
  ),
];

const sequence = fc.record({
  from: fc.constantFrom(...Object.values(lives)),
  steps: fc.array(fc.constantFrom(...everyStep), { maxLength: 30 }),
});

function taken(from: readonly DisputeEvent[], steps: readonly Step[]): readonly Taken[] {
  let before = from;
  return steps.map((step) => {
    const decision = step.decide(given(disputes, before).state);
    const added = isRefusal(decision) ? [] : decision;
    const after = [...before, ...added];
    const again = step.decide(given(disputes, after).state);
    const done = { ...step, before, added, again };
    before = after;
    return done;
  });
}

/** Checks what holds for each step of any sequence of commands, from any state on. */
function always(check: (step: Taken) => void): void {
  fc.assert(
    fc.property(sequence, ({ from, steps }) => taken(from, steps).forEach(check)),
    { numRuns: 300 },
  );
}

const has = (events: readonly DisputeEvent[], type: DisputeEvent['type']): boolean =>
  events.some((event) => event.type === type);

describe('a dispute, whatever is asked of it and in whatever order', () => {
  it('is closed for good once it is settled, not accepted or terminated', () => {
    always(({ before, added }) => {
      if (isClosed(given(disputes, before).state)) expect(added).toEqual([]);
    });
  });

  it('goes only to a mediator who serves and whose area covers its grid', () => {
    always(({ before, added, mediator }) => {
      if (!has(added, 'MediatorAssigned')) return;
      const dispute = given(disputes, before).state;
      const grid = dispute.status === 'none' ? GRID : dispute.grid;
      expect(mediator).toMatchObject({ status: 'serving' });
      expect(mediator?.status === 'serving' && covers(mediator.area, grid)).toBe(true);
    });
  });

  it('is mediated only after every party has agreed', () => {
    always(({ before, added }) => {
      if (has(added, 'MediatorAssigned')) expect(has(before, 'DisputeAccepted')).toBe(true);
      if (!has(added, 'DisputeAccepted')) return;
      const all = [...before, ...added].filter((event) => event.type === 'ConsentGiven');
      expect(all.map(({ party }) => party).toSorted()).toEqual([ZHANG, CHEN]);
    });
  });

  it('is settled once at most, by all parties, after a session', () => {
    always(({ before, added }) => {
      const settlement = added.find((event) => event.type === 'DisputeSettled');
      if (settlement === undefined) return;
      expect(has(before, 'DisputeSettled')).toBe(false);
      expect(has(before, 'SessionRecorded')).toBe(true);
      expect(settlement.signedBy.toSorted()).toEqual([ZHANG, CHEN]);
    });
  });

  it('is not changed a second time by a command that is repeated; a session is another', () => {
    always(({ added, again }) => {
      if (has(added, 'SessionRecorded')) expect(again).toEqual(added);
      else if (!isRefusal(again)) expect(again).toEqual([]);
    });
  });

  it('records only what its schemas say', () => {
    always(({ added }) => {
      for (const { type, ...data } of added) expect(disputeEvents[type].parse(data)).toEqual(data);
    });
  });
});

describe('what is recorded of a dispute', () => {
  it('begins with the report: a stream that does not is damaged', () => {
    expect(() => given(disputes, [settled])).toThrow('DisputeSettled came before the report');
  });
});
