import { Along, type InTheWay, type Located } from './along.js';
import { endOfDay } from './days.js';
import type { Acknowledged } from './ledger.js';
import type { Moment } from './timeline.js';

export interface ExpectedHazard extends Located {
  readonly id: string;
  readonly observation: string | null;
  readonly finder: string;
  status: string;
  grade: string | null;
  dueAt: string | null;
  rectifier: string;
}

export interface ExpectedPlace extends Located {
  readonly id: string;
  open: boolean;
}

export interface ExpectedInspections {
  readonly places: ReadonlyMap<string, ExpectedPlace>;
  readonly hazards: ReadonlyMap<string, ExpectedHazard>;
  readonly inTheWay: readonly InTheWay[];
  readonly wrong: readonly string[];
}

/** Where each hazard must stand: found, noticed with a time limit, put right, rechecked, closed. */
export function expectedHazards(timeline: readonly Moment[]): ExpectedInspections {
  const places = new Map<string, ExpectedPlace>();
  const hazards = new Map<string, ExpectedHazard>();
  const visits = new Map<string, { readonly place: string; readonly inspector: string }>();
  const wentTo = new Map<string, string>();
  const wrong: string[] = [];
  const each = <Work>(works: Map<string, Work>) => ({ [Symbol.iterator]: () => works.values() });
  const alongs = [
    new Along<ExpectedPlace>('inspections', each(places), ({ open }) => open),
    new Along<ExpectedHazard>('inspections', each(hazards), isOpen),
  ];
  for (const { told, heard } of timeline) {
    if (heard !== undefined) for (const along of alongs) along.hears(heard);
    if (heard?.type === 'GridShut') {
      const [to] = heard.facts['successors'] as readonly string[];
      if (to !== undefined) wentTo.set(String(heard.facts['grid']), to);
    }
    if (heard?.type === 'HazardFound') {
      const hazard = observed(heard.facts, wentTo);
      hazards.set(hazard.id, hazard);
    }
    if (told === undefined) continue;
    const { asked, id } = told;
    if (asked.name === 'registerPlace') {
      places.set(id, { id, grids: new Set([asked.input.grid]), open: true });
    } else if (asked.name === 'closePlace') {
      const place = places.get(id);
      if (place !== undefined) place.open = false;
    } else if (asked.name === 'inspect') {
      visits.set(id, { place: asked.input.place, inspector: asked.input.inspector });
    } else if (asked.name === 'reportHazard') {
      const visit = visits.get(asked.input.inspection);
      const place = places.get(visit?.place ?? '');
      if (place?.open !== true) wrong.push(`inspections@${told.position}: at no place`);
      // Of a place on its way something can be reported once it has arrived.
      const grids = place?.leaving ? new Set([place.leaving.to]) : (place?.grids ?? new Set());
      hazards.set(id, found(told, asked.input, { grids, finder: visit?.inspector ?? '' }));
    } else {
      const hazard = hazards.get(id);
      const objection = hazard === undefined ? 'of no hazard' : goesOn(hazard, told);
      const what = `inspections@${told.position} ${asked.name}`;
      if (objection !== undefined) wrong.push(`${what}: ${objection}`);
    }
  }
  return { places, hazards, inTheWay: alongs.flatMap(({ inTheWay }) => inTheWay), wrong };
}

function isOpen({ status }: ExpectedHazard): boolean {
  return status !== 'CLOSED';
}

/** What a patrol noted is a hazard where its grid's work has gone since. */
function observed(
  facts: Readonly<Record<string, unknown>>,
  wentTo: ReadonlyMap<string, string>,
): ExpectedHazard {
  let grid = String(facts['grid']);
  for (let to = wentTo.get(grid); to !== undefined; to = wentTo.get(grid)) grid = to;
  return {
    id: String(facts['hazard']),
    observation: String(facts['observation']),
    finder: String(facts['finder']),
    grids: new Set([grid]),
    status: 'FOUND',
    grade: null,
    dueAt: null,
    rectifier: '',
  };
}

interface Reported {
  readonly fixedOnSpot: boolean;
  readonly grade: string;
  readonly dueInDays: number | null;
}

function found(
  { id, at }: Acknowledged,
  { fixedOnSpot, grade, dueInDays }: Reported,
  where: Pick<ExpectedHazard, 'grids' | 'finder'>,
): ExpectedHazard {
  const status = fixedOnSpot ? 'CLOSED' : 'NOTICED';
  const dueAt = dueInDays === null ? null : endOfDay(at, dueInDays);
  return { id, observation: null, ...where, status, grade, dueAt, rectifier: '' };
}

/** @returns why it may not be, if it may not */
function goesOn(hazard: ExpectedHazard, { asked, at }: Acknowledged): string | undefined {
  const was = hazard.status;
  switch (asked.name) {
    case 'gradeHazard':
      hazard.status = 'NOTICED';
      hazard.grade = asked.input.grade;
      hazard.dueAt = endOfDay(at, asked.input.dueInDays);
      return was === 'FOUND' ? undefined : `while it is ${was}`;
    case 'rectifyHazard':
      hazard.status = 'RECTIFIED';
      hazard.rectifier = asked.input.rectifier;
      return was === 'NOTICED' ? undefined : `while it is ${was}`;
    case 'recheckHazard': {
      const { rechecker, passed, dueInDays } = asked.input;
      hazard.status = passed ? 'CLOSED' : 'NOTICED';
      if (!passed) hazard.dueAt = endOfDay(at, dueInDays ?? 0);
      if (rechecker === hazard.finder || rechecker === hazard.rectifier)
        return 'by one of two eyes';
      return was === 'RECTIFIED' ? undefined : `while it is ${was}`;
    }
    default:
      return 'is nothing that is done to a hazard';
  }
}
