import { chinaCalendar, type Due, dueOf } from '#libs/calendar';
import { areaCodeField } from '#libs/contracts';
import type { KnownGrid } from '#libs/grid-work';
import type { DisputeEvent } from '../src/dispute.events.js';
import type { Dispute } from '../src/dispute.js';
import type { MediatorEvent } from '../src/mediator.events.js';
import type { Mediator } from '../src/mediator.js';
import { sealedName, sealedText } from './sealed.js';

/** An id whose last two digits tell who or what it is. */
export const id = (last: string): string => `019a0000-0000-7000-8000-0000000000${last}`;
export const areaCode = (text: string) => areaCodeField.parse(text);

export const DISPUTE = id('d1');
/** The two parties. */
export const ZHANG = id('a1');
export const CHEN = id('a2');
/** Nobody in the dispute. */
export const STRANGER = id('a9');
/** Two mediators. */
export const LI = id('b1');
export const WANG = id('b2');

export const GRID = areaCode('430502001001001');
/** The grid beside it, into which it is closed. */
export const EAST = areaCode('430502001001002');
export const VILLAGE = areaCode('430502001001');
/** When a command is given, unless a spec says otherwise. */
export const NOW = '2026-03-09T08:00:00.000Z';

/** The settings, as they are unless somebody sets others. */
export const MEDIATION_TERM = { days: 30, holidayShift: true, consentDays: 3 };

export const openGrid: KnownGrid = { status: 'open', name: '第一网格' };
export const shutGrid: KnownGrid = {
  status: 'shut',
  name: '第一网格',
  closing: id('f1'),
  successors: [EAST],
  answered: false,
};

/** What a report depends on besides the dispute. */
export const intake = { grid: openGrid, calendar: chinaCalendar };

export const serving = (area: string): Mediator => ({ status: 'serving', area: areaCode(area) });

export const enlisted = {
  type: 'MediatorEnlisted',
  mediator: LI,
  area: VILLAGE,
  at: '2026-03-01T01:00:00.000Z',
} satisfies MediatorEvent;

/** What is sealed in the events below. */
export const FACTS = '楼上漏水，两家就维修费用意见不一。';
export const SUMMARY = '双方各自说明情况，约定一同查看漏水处。';
export const TERMS = '张甲负责修好水管，陈乙自行粉刷墙面。';
export const END_REASON = '双方对责任划分分歧较大，未能达成一致。';

const pauses: Due['pauses'] = [];

/** Three working days from Monday 2 March: they end with Thursday. */
export const consentDue = dueOf(
  { kind: 'WORKING_DAYS', days: 3, from: '2026-03-02T01:00:00.000Z', pauses, holidayShift: false },
  chinaCalendar,
);
/** 30 days from 3 March: they end with 2 April, a Thursday. */
export const mediationDue = dueOf(
  { kind: 'CALENDAR_DAYS', days: 30, from: '2026-03-03T02:00:00.000Z', pauses, holidayShift: true },
  chinaCalendar,
);
export const CONSENT_DUE = '2026-03-05T16:00:00.000Z';
export const MEDIATION_DUE = '2026-04-02T16:00:00.000Z';

/** What may have been recorded of the dispute, in the order of an ordinary life. */
export const reported = {
  type: 'DisputeReported',
  dispute: DISPUTE,
  at: '2026-03-02T01:00:00.000Z',
  grid: GRID,
  kind: 'NEIGHBOURS',
  parties: [
    { party: ZHANG, sealed: sealedName(ZHANG, '张甲') },
    { party: CHEN, sealed: sealedName(CHEN, '陈乙') },
  ],
  facts: sealedText(DISPUTE, FACTS),
} satisfies DisputeEvent;

export const consentTerm = {
  type: 'DisputeTermSet',
  dispute: DISPUTE,
  at: reported.at,
  term: 'CONSENT',
  due: consentDue,
} satisfies DisputeEvent;

const before = { dispute: DISPUTE, at: '2026-03-03T02:00:00.000Z' };

export const moved = {
  type: 'DisputeMoved',
  ...before,
  from: GRID,
  grid: EAST,
} satisfies DisputeEvent;
export const zhangAgreed = { type: 'ConsentGiven', ...before, party: ZHANG } satisfies DisputeEvent;
export const chenAgreed = { type: 'ConsentGiven', ...before, party: CHEN } satisfies DisputeEvent;
export const accepted = { type: 'DisputeAccepted', ...before, termDays: 30 } satisfies DisputeEvent;
export const mediationTerm = {
  type: 'DisputeTermSet',
  ...before,
  term: 'MEDIATION',
  due: mediationDue,
} satisfies DisputeEvent;
export const assigned = {
  type: 'MediatorAssigned',
  ...before,
  mediator: LI,
} satisfies DisputeEvent;
export const returned = {
  type: 'DisputeReturned',
  ...before,
  mediator: LI,
} satisfies DisputeEvent;
export const heard = {
  type: 'SessionRecorded',
  ...before,
  heldAt: '2026-03-03T01:30:00.000Z',
  summary: sealedText(DISPUTE, SUMMARY),
} satisfies DisputeEvent;
export const settled = {
  type: 'DisputeSettled',
  ...before,
  terms: sealedText(DISPUTE, TERMS),
  performBy: '2026-03-31',
  signedBy: [ZHANG, CHEN],
} satisfies DisputeEvent;
export const refused = {
  type: 'MediationRefused',
  ...before,
  party: CHEN,
  routesTold: ['ARBITRATION', 'ADMINISTRATIVE', 'COURT'],
} satisfies DisputeEvent;
export const ended = {
  type: 'MediationEnded',
  ...before,
  reason: sealedText(DISPUTE, END_REASON),
  routesTold: ['COURT'],
} satisfies DisputeEvent;

const asked = [reported, consentTerm];
const agreed = [...asked, zhangAgreed, chenAgreed, accepted, mediationTerm];

/** The dispute at each status of its life. */
export const lives: Readonly<Record<Dispute['status'], readonly DisputeEvent[]>> = {
  none: [],
  consentPending: asked,
  notAccepted: [...asked, refused],
  accepted: agreed,
  assigned: [...agreed, assigned],
  mediating: [...agreed, assigned, heard],
  settled: [...agreed, assigned, heard, settled],
  terminated: [...agreed, assigned, heard, ended],
};

/** The statuses in which nothing more is decided, and what a command is told there. */
export const closedLives = [
  ['was not accepted', lives.notAccepted, 'DisputeClosed'],
  ['is terminated', lives.terminated, 'DisputeClosed'],
  ['is settled', lives.settled, 'DisputeAlreadySettled'],
] as const;
