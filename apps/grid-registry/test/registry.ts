import { areaCodeField, type Sealed } from '#libs/contracts';
import type { AreaEvent } from '../src/area.events.js';
import type { GridEvent } from '../src/grid.events.js';
import type { PostEvent } from '../src/post.events.js';

/** An id whose last two digits tell who or what it is. */
export const id = (last: string): string => `019a0000-0000-7000-8000-0000000000${last}`;
export const areaCode = (text: string) => areaCodeField.parse(text);

/** A sealed section as it looks; nobody has its key. */
export const sealedFor = (subject: string): Sealed<never> => ({
  subject,
  key: 'k'.repeat(43),
  box: 'b'.repeat(40),
});

export const PREFECTURE = areaCode('4305');
export const COUNTY = areaCode('430502');
export const TOWNSHIP = areaCode('430502001');
export const VILLAGE = areaCode('430502001001');
export const VIRTUAL = areaCode('430502001498');
export const GRID = areaCode('430502001001001');
/** Two grids beside it in the same village. */
export const EAST = areaCode('430502001001002');
export const WEST = areaCode('430502001001003');
export const POST = id('c1');
/** Two appointments to the post. */
export const LI = id('b1');
export const WANG = id('b2');
/** When a command is given, unless a spec says otherwise. */
export const NOW = '2026-03-09T08:00:00.000Z';

export const registered = (code: string, name = `区域${code}`): AreaEvent => ({
  type: 'AreaRegistered',
  area: areaCode(code),
  name,
  at: NOW,
});

export const opened = {
  type: 'GridOpened',
  grid: GRID,
  name: '第一网格',
  at: NOW,
} satisfies GridEvent;
export const renamed = {
  type: 'GridRenamed',
  grid: GRID,
  name: '河畔网格',
  at: NOW,
} satisfies GridEvent;

/** One attempt to close the grid into the one east of it. */
export const CLOSING = id('f1');
const attempt = { grid: GRID, closing: CLOSING, at: NOW };

export const closing = {
  type: 'GridClosing',
  ...attempt,
  successors: [EAST],
  asked: ['grid-registry', 'mediation'],
  sealed: sealedFor(CLOSING),
} satisfies GridEvent;
export const answered = {
  type: 'GridWorkAnswered',
  ...attempt,
  service: 'mediation',
  open: 0,
} satisfies GridEvent;
export const retired = { type: 'GridRetired', ...attempt, successors: [EAST] } satisfies GridEvent;
export const staysOpen = {
  type: 'GridRetirementRefused',
  ...attempt,
  open: [{ service: 'mediation', count: 2 }],
} satisfies GridEvent;
/** What the one east of it records meanwhile. */
export const named = {
  type: 'GridNamedSuccessor',
  grid: EAST,
  predecessor: GRID,
  closing: CLOSING,
  at: NOW,
} satisfies GridEvent;
export const ended = {
  type: 'GridSuccessionEnded',
  grid: EAST,
  predecessor: GRID,
  closing: CLOSING,
  at: NOW,
  taken: true,
} satisfies GridEvent;

const post = { post: POST, kind: 'MEDIATOR', area: VILLAGE, at: NOW } as const;

export const created = { type: 'PostCreated', ...post } satisfies PostEvent;
export const appointed = {
  type: 'HolderAppointed',
  ...post,
  holder: LI,
  sealed: sealedFor(LI),
} satisfies PostEvent;
export const moved = {
  type: 'PostMoved',
  ...post,
  from: GRID,
  area: EAST,
  holder: LI,
} satisfies PostEvent;
export const released = {
  type: 'HolderReleased',
  ...post,
  holder: LI,
  sealed: sealedFor(LI),
} satisfies PostEvent;
