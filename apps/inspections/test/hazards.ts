import { chinaCalendar, dueOf } from '#libs/calendar';
import { areaCodeField } from '#libs/contracts';
import type { KnownGrid } from '#libs/grid-work';
import { checklistOf } from '../src/checklist.js';
import type { Hazard } from '../src/hazard.js';
import type { HazardEvent } from '../src/hazard.events.js';
import type { CheckedItem } from '../src/inspection.js';
import type { InspectionEvent } from '../src/inspection.events.js';
import type { PlaceEvent } from '../src/place.events.js';
import { sealedEvidence, sealedText } from './sealed.js';

/** An id whose last two digits tell who or what it is. */
export const id = (last: string): string => `019a0000-0000-7000-8000-0000000000${last}`;
export const areaCode = (text: string) => areaCodeField.parse(text);

export const PLACE = id('a1');
export const INSPECTION = id('b1');
export const OBSERVATION = id('c1');
export const HAZARD = id('d1');
export const CLOSING = id('f1');

/** Who found the hazard, and somebody else. */
export const INSPECTOR = 'inspector-1';
export const COLLEAGUE = 'inspector-2';
export const VOLUNTEER = 'volunteer-1';
/** Who recorded that it was put right. */
export const RECTIFIER = 'supervisor-1';

export const GRID = areaCode('430502001001001');
export const SUCCESSOR = areaCode('430502001001002');
export const THIRD = areaCode('430502001001003');
/** When a command is given, unless a spec says otherwise. */
export const NOW = '2026-03-09T08:00:00.000Z';

export const openGrid: KnownGrid = { status: 'open', name: '第一网格' };
export const shutGrid: KnownGrid = {
  status: 'shut',
  name: '第一网格',
  closing: CLOSING,
  successors: [SUCCESSOR],
  answered: false,
};

export const registered = {
  type: 'PlaceRegistered',
  place: PLACE,
  at: '2026-03-01T01:00:00.000Z',
  grid: GRID,
  kind: 'SHOP',
  name: '东风路便民超市',
} satisfies PlaceEvent;
export const placeMoved = {
  type: 'PlaceMoved',
  place: PLACE,
  at: '2026-03-05T01:00:00.000Z',
  from: GRID,
  to: SUCCESSOR,
} satisfies PlaceEvent;
export const placeClosed = {
  type: 'PlaceClosed',
  place: PLACE,
  at: '2026-03-08T01:00:00.000Z',
} satisfies PlaceEvent;

/** A shop's checklist as it was filled in: the exit was blocked. */
export const items: readonly CheckedItem[] = checklistOf('SHOP').map((code) => ({
  code,
  result: code === 'E1' ? 'FAIL' : 'PASS',
}));

export const inspected = {
  type: 'InspectionRecorded',
  inspection: INSPECTION,
  at: '2026-03-02T01:00:00.000Z',
  place: PLACE,
  grid: GRID,
  inspector: INSPECTOR,
  items: [...items],
} satisfies InspectionEvent;
export const noted = {
  type: 'HazardNoted',
  inspection: INSPECTION,
  at: '2026-03-02T01:30:00.000Z',
  item: 'E1',
  hazard: HAZARD,
} satisfies InspectionEvent;

const before = { hazard: HAZARD, at: '2026-03-02T01:30:00.000Z' };

/** What is sealed of the hazard. */
export const DESCRIPTION = '后门安全出口被货架堵住。';
export const EVIDENCE = '货架已移走，出口畅通。';

/** What may have been recorded of the hazard, in the order of an ordinary life. */
export const found = {
  type: 'HazardFound',
  ...before,
  observation: null,
  grid: GRID,
  place: PLACE,
  inspection: INSPECTION,
  sealed: sealedText(HAZARD, DESCRIPTION),
  finder: INSPECTOR,
} satisfies HazardEvent;
export const observed = {
  ...found,
  observation: OBSERVATION,
  place: null,
  inspection: null,
  sealed: null,
  finder: VOLUNTEER,
} satisfies HazardEvent;
/** Graded on 2 March with 7 days: they end with 9 March in Shanghai. */
export const DUE = '2026-03-09T16:00:00.000Z';
export const graded = {
  type: 'HazardGraded',
  ...before,
  grade: 'ORDINARY',
  dueAt: DUE,
} satisfies HazardEvent;
export const fixed = { type: 'HazardFixedOnSpot', ...before } satisfies HazardEvent;
export const rectified = {
  type: 'HazardRectified',
  hazard: HAZARD,
  at: '2026-03-06T01:00:00.000Z',
  sealed: sealedEvidence(id('ab'), EVIDENCE),
  rectifier: RECTIFIER,
} satisfies HazardEvent;
/** Put right on Friday 6 March: three working days end with Wednesday. */
export const recheckTerm = {
  type: 'RecheckTermSet',
  hazard: HAZARD,
  at: rectified.at,
  due: dueOf(
    { kind: 'WORKING_DAYS', days: 3, from: rectified.at, pauses: [], holidayShift: false },
    chinaCalendar,
  ),
} satisfies HazardEvent;
export const RECHECK_DUE = '2026-03-11T16:00:00.000Z';
export const passed = {
  type: 'HazardRecheckPassed',
  hazard: HAZARD,
  at: NOW,
} satisfies HazardEvent;
export const failed = {
  type: 'HazardRecheckFailed',
  hazard: HAZARD,
  at: NOW,
  dueAt: '2026-03-12T16:00:00.000Z',
} satisfies HazardEvent;
export const overdue = {
  type: 'HazardOverdue',
  hazard: HAZARD,
  at: DUE,
  dueAt: DUE,
} satisfies HazardEvent;
export const moved = {
  type: 'HazardMoved',
  hazard: HAZARD,
  at: '2026-03-05T01:00:00.000Z',
  from: GRID,
  to: SUCCESSOR,
} satisfies HazardEvent;
export const closed = {
  type: 'HazardClosed',
  hazard: HAZARD,
  at: NOW,
  observation: null,
  fixedOnSpot: false,
} satisfies HazardEvent;

/** The hazard at each status of its life. */
export const lives: Readonly<Record<Hazard['status'], readonly HazardEvent[]>> = {
  none: [],
  found: [found],
  noticed: [found, graded],
  rectified: [found, graded, rectified, recheckTerm],
  closed: [found, graded, rectified, recheckTerm, passed, closed],
};
