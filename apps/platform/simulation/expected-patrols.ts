import { Along, type InTheWay, type Located } from './along.js';
import type { Acknowledged } from './ledger.js';
import type { Moment } from './timeline.js';

export interface ExpectedShift extends Located {
  readonly id: string;
  readonly startsAt: string;
  readonly endsAt: string;
  status: string;
  volunteer: string | null;
  minutes: number | null;
  inAt: string;
  outAt: string;
}

export interface ExpectedTeam extends Located {
  readonly id: string;
}

export interface ExpectedNote {
  readonly id: string;
  /** Where its shift can have been then. */
  readonly grids: ReadonlySet<string>;
}

export interface ExpectedVolunteers {
  readonly shifts: ReadonlyMap<string, ExpectedShift>;
  readonly teams: ReadonlyMap<string, ExpectedTeam>;
  readonly notes: ReadonlyMap<string, ExpectedNote>;
  readonly inTheWay: readonly InTheWay[];
  readonly wrong: readonly string[];
}

interface OpenNote extends Located {
  isFollowed: boolean;
}

const MINUTE_MS = 60_000;
const AFTER: Readonly<Record<string, string>> = {
  claimShift: 'PUBLISHED',
  checkIn: 'CLAIMED',
  checkOut: 'CHECKED_IN',
  noteObservation: 'CHECKED_IN',
  confirmHours: 'CHECKED_OUT',
};

/** Where each patrol must stand, and which minutes of it count: those within the shift. */
export function expectedPatrols(timeline: readonly Moment[]): ExpectedVolunteers {
  const shifts = new Map<string, ExpectedShift>();
  const teams = new Map<string, ExpectedTeam>();
  const notes = new Map<string, ExpectedNote>();
  const open = new Map<string, OpenNote>();
  const wrong: string[] = [];
  const each = <Work>(works: Map<string, Work>) => ({ [Symbol.iterator]: () => works.values() });
  const alongs = [
    new Along<ExpectedShift>('volunteers', each(shifts), isOpen),
    new Along<ExpectedTeam>('volunteers', each(teams), () => true),
    new Along<OpenNote>('volunteers', each(open), ({ isFollowed }) => !isFollowed),
  ];
  for (const { told, heard } of timeline) {
    if (heard !== undefined) for (const along of alongs) along.hears(heard);
    if (heard?.type === 'ObservationFollowed') {
      const note = open.get(String(heard.facts['observation']));
      if (note !== undefined) note.isFollowed = true;
    }
    if (told === undefined) continue;
    const { asked, id } = told;
    if (asked.name === 'foundTeam') teams.set(id, { id, grids: new Set([asked.input.area]) });
    if (asked.name === 'enrol' || asked.name === 'foundTeam') continue;
    if (asked.name === 'publishShift') shifts.set(id, published(told, asked.input));
    const of = asked.name === 'noteObservation' ? asked.input.shift : id;
    const shift = shifts.get(of);
    if (shift !== undefined && asked.name === 'noteObservation') {
      const { grids, leaving } = shift;
      notes.set(id, { id, grids: leaving === undefined ? grids : new Set([...grids, leaving.to]) });
      open.set(id, { grids: shift.grids, isFollowed: false });
    }
    const objection = shift === undefined ? 'of no shift' : goesOn(shift, told);
    if (objection !== undefined)
      wrong.push(`volunteers@${told.position} ${asked.name}: ${objection}`);
  }
  return { shifts, teams, notes, inTheWay: alongs.flatMap(({ inTheWay }) => inTheWay), wrong };
}

export function isOpen({ status }: ExpectedShift): boolean {
  return status !== 'CONFIRMED' && status !== 'CANCELLED';
}

function published(
  { id }: Acknowledged,
  { grid, startsAt, endsAt }: { grid: string; startsAt: string; endsAt: string },
): ExpectedShift {
  const none = { volunteer: null, minutes: null, inAt: '', outAt: '' };
  return { id, startsAt, endsAt, grids: new Set([grid]), status: 'PUBLISHED', ...none };
}

/** @returns why it may not be, if it may not */
function goesOn(shift: ExpectedShift, { asked, at }: Acknowledged): string | undefined {
  const was = shift.status;
  const before = AFTER[asked.name];
  const objection = before !== undefined && was !== before ? `while it is ${was}` : undefined;
  switch (asked.name) {
    case 'claimShift':
      shift.status = 'CLAIMED';
      shift.volunteer = asked.input.volunteer;
      return at >= shift.startsAt ? 'after it began' : objection;
    case 'checkIn':
      shift.status = 'CHECKED_IN';
      shift.inAt = at;
      return shift.volunteer === asked.input.volunteer ? objection : 'by another';
    case 'checkOut':
      shift.status = 'CHECKED_OUT';
      shift.outAt = at;
      return objection;
    case 'confirmHours':
      shift.status = 'CONFIRMED';
      shift.minutes = minutes(shift);
      return asked.actor === shift.volunteer ? 'by who served' : objection;
    case 'cancelShift':
      shift.status = 'CANCELLED';
      return was === 'CHECKED_OUT' || !isOpen({ ...shift, status: was })
        ? `after ${was}`
        : undefined;
    default:
      return objection;
  }
}

function minutes({ startsAt, endsAt, inAt, outAt }: ExpectedShift): number {
  const from = inAt > startsAt ? inAt : startsAt;
  const to = outAt < endsAt ? outAt : endsAt;
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / MINUTE_MS));
}
