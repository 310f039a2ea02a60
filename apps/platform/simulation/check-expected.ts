import { areasView } from '../../grid-registry/src/areas.view.js';
import { gridsView } from '../../grid-registry/src/grids.view.js';
import { postsView } from '../../grid-registry/src/posts.view.js';
import { hazardsView } from '../../inspections/src/hazards.view.js';
import { placesView } from '../../inspections/src/places.view.js';
import { disputesView } from '../../mediation/src/disputes.view.js';
import { observationsView } from '../../volunteers/src/observations.view.js';
import { patrolsView } from '../../volunteers/src/patrols.view.js';
import { teamsView } from '../../volunteers/src/teams.view.js';
import type { View, ViewRow } from '#libs/views';
import { expectedDisputes, isClosed } from './expected-disputes.js';
import { expectedGrids } from './expected-grids.js';
import { type ExpectedHazard, expectedHazards } from './expected-hazards.js';
import { expectedPatrols, isOpen } from './expected-patrols.js';
import type { History } from './history.js';
import type { Acknowledged } from './ledger.js';
import { timelineOf } from './timeline.js';
import type { Town } from './town.js';

/** What the clocks have shown. */
export interface ClockSeen {
  /** At the end, with every timer having looked since. */
  readonly last: string;
  readonly latest: string;
}

type Rows = <Row extends ViewRow>(
  service: string,
  view: View<Row>,
  key: string,
) => Promise<Row | undefined>;

interface Compared {
  readonly rows: Rows;
  readonly differs: (what: string, expected: unknown, found: unknown) => void;
}

/** Holds the views against what must follow from what the office was told and from the time. */
export async function checkExpected(
  town: Town,
  facts: {
    readonly history: History;
    readonly acknowledged: readonly Acknowledged[];
    readonly clock: ClockSeen;
  },
): Promise<readonly string[]> {
  const { history, acknowledged, clock } = facts;
  const findings: string[] = [];
  const compared: Compared = {
    rows: async (service, view, key) => {
      try {
        return await town.disks.get(service)?.rows.store.get(view, key);
      } catch {
        // It is parked, which is a finding of its own.
        return undefined;
      }
    },
    differs: (what, expected, found) => {
      const [must, is] = [JSON.stringify(expected), JSON.stringify(found)];
      if (must !== is) findings.push(`${what} must be ${must} and is ${is}`);
    },
  };
  const timeline = (service: string) => timelineOf(service, acknowledged, history);
  const mediation = expectedDisputes(timeline('mediation'));
  const volunteers = expectedPatrols(timeline('volunteers'));
  const inspections = expectedHazards(timeline('inspections'));
  const elsewhere = [mediation, volunteers, inspections].flatMap(({ inTheWay }) => inTheWay);
  const registry = expectedGrids(timeline('grid-registry'), elsewhere);
  await compareDisputes(mediation, clock, compared);
  await comparePatrols(volunteers, compared);
  await compareHazards(inspections, clock, compared);
  await compareGrids(registry, compared);
  return [mediation, volunteers, inspections, registry]
    .flatMap(({ wrong }) => wrong)
    .concat(findings);
}

async function compareDisputes(
  { disputes }: ReturnType<typeof expectedDisputes>,
  { last }: ClockSeen,
  { rows, differs }: Compared,
): Promise<void> {
  for (const dispute of disputes.values()) {
    const { id, grids, status, mediator, sessions, consents, dueAt } = dispute;
    const row = await rows('mediation', disputesView, id);
    const found = row && [
      row.status,
      row.open ? row.mediator : mediator,
      row.sessions.length,
      row.parties.filter(({ consented }) => consented).length,
      within(row.grid, grids),
    ];
    differs(`dispute ${id}`, [status, mediator, sessions, consents.size, within('', grids)], found);
    if (dueAt === null) continue;
    differs(`dispute ${id} is due at`, dueAt, row?.dueAt);
    if (dueAt > last && !isClosed(dispute)) continue;
    differs(`dispute ${id} is late`, !isClosed(dispute), row?.termPassed);
  }
}

async function comparePatrols(
  { shifts, teams, notes }: ReturnType<typeof expectedPatrols>,
  { rows, differs }: Compared,
): Promise<void> {
  for (const shift of shifts.values()) {
    const { id, grids, status, volunteer, minutes } = shift;
    const row = await rows('volunteers', patrolsView, id);
    const found = row && [
      row.status,
      row.volunteer,
      row.minutes,
      row.open,
      within(row.grid, grids),
    ];
    const expected = [status, volunteer, minutes, isOpen(shift), within('', grids)];
    differs(`patrol ${id}`, expected, found);
  }
  for (const { id, grids } of teams.values()) {
    const row = await rows('volunteers', teamsView, id);
    differs(`team ${id}`, within('', grids), row && within(row.area, grids));
  }
  for (const { id, grids } of notes.values()) {
    const row = await rows('volunteers', observationsView, id);
    const found = row && [within(row.grid, grids), row.outcome === 'NOTED'];
    differs(`observation ${id}`, [within('', grids), false], found);
  }
}

async function compareHazards(
  { hazards, places }: ReturnType<typeof expectedHazards>,
  clock: ClockSeen,
  { rows, differs }: Compared,
): Promise<void> {
  for (const hazard of hazards.values()) {
    const { id, grids, status, grade, dueAt } = hazard;
    const row = await rows('inspections', hazardsView, id);
    const found = row && [row.status, row.grade, row.dueAt, within(row.grid, grids)];
    differs(`hazard ${id}`, [status, grade, dueAt, within('', grids)], found);
    const overdue = mustBeOverdue(hazard, clock);
    if (overdue !== undefined) differs(`hazard ${id} overdue`, overdue, row?.overdue);
  }
  for (const { id, grids, open } of places.values()) {
    const row = await rows('inspections', placesView, id);
    const found = row && [row.open, within(row.grid, grids)];
    differs(`place ${id}`, [open, within('', grids)], found);
  }
}

/** Undefined where it depends on whether the timer looked before somebody put it right. */
function mustBeOverdue(
  { status, dueAt }: ExpectedHazard,
  { last, latest }: ClockSeen,
): boolean | undefined {
  if (dueAt === null || dueAt > latest) return false;
  return status === 'NOTICED' && dueAt <= last ? true : undefined;
}

async function compareGrids(
  { grids, posts }: ReturnType<typeof expectedGrids>,
  { rows, differs }: Compared,
): Promise<void> {
  for (const { code, name, status } of grids.values()) {
    const row = await rows('grid-registry', gridsView, code);
    const area = await rows('grid-registry', areasView, code);
    const current = row?.status !== 'RETIRED';
    const found = [within(row?.status ?? 'not there', status), area?.name, area?.current];
    differs(`grid ${code}`, [within('', status), name, current], found);
  }
  for (const { id, grids: where, holder } of posts.values()) {
    const row = await rows('grid-registry', postsView, id);
    const found = row && [row.holder?.id ?? null, within(row.area, where)];
    differs(`post ${id}`, [holder, within('', where)], found);
  }
}

/** One of several, written so that whichever it is looks the same. */
function within(found: string, possible: ReadonlySet<string>): string {
  return found === '' || possible.has(found) ? [...possible].join(' or ') : found;
}
