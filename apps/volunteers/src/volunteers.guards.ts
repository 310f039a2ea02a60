import type { Target } from '#libs/access';
import {
  areaCodeOf,
  type Asker,
  connectionParts,
  each,
  type Guards,
  pageInfoParts,
  parts,
  todays,
  typeGuard,
} from '#libs/service';
import { workOf } from './observation.service.js';
import type { ObservationRow } from './observations.view.js';
import { type PatrolRow, patrolsView } from './patrols.view.js';
import { patrolTarget } from './served-shifts.service.js';
import { type TeamRow, teamsView } from './teams.view.js';
import type { VolunteerRow } from './volunteers.view.js';

/** Which right each field of this service takes. */
export const volunteersGuards: Guards = {
  Query: {
    fields: {
      'shift(asOf minPosition id)': 'area.read',
      'team(asOf minPosition id)': 'area.read',
      'volunteer(asOf minPosition id)': 'volunteer.read',
      'observation(asOf minPosition id)': ['served.read', 'hazard.read'],
    },
  },
  Mutation: {
    fields: {
      ...each('volunteer.manage', 'foundTeam(input)', 'enrolVolunteer(input)'),
      ...each('shift.manage', 'publishShift(input)', 'cancelShift(input)'),
      ...each('shift.serve', 'claimShift(input)', 'checkIn(input)', 'checkOut(input)'),
      'noteObservation(input)': 'shift.serve',
      'confirmHours(input)': 'hours.confirm',
    },
  },
  Area: typeGuard<{ readonly code: string }>({
    reference: 'signed-in',
    target: ({ code }) => ({ area: areaCodeOf(code) }),
    fields: { code: 'signed-in', 'patrols(first after)': 'area.read' },
  }),
  Patrol: typeGuard<PatrolRow>({
    reference: 'area.read',
    target: (row, { views }) => todays(patrolsView, row, views, patrolTarget),
    fields: {
      ...each('area.read', 'id', 'startsAt', 'endsAt', 'risk', 'status', 'minutes', 'moves'),
      ...each('area.read', 'grid', 'team'),
      ...each('served.read', 'volunteer', 'observations'),
    },
  }),
  VolunteerTeam: typeGuard<TeamRow>({
    target: (row, { views }) => todays(teamsView, row, views, ({ area }) => ({ area })),
    fields: each('area.read', 'id', 'name', 'moves', 'area'),
  }),
  Volunteer: typeGuard<VolunteerRow>({
    target: ofVolunteer,
    fields: {
      id: 'part',
      ...each('volunteer.read', 'name', 'minor', 'team'),
    },
  }),
  Observation: typeGuard<ObservationRow>({
    reference: ['served.read', 'hazard.read'],
    target: ofObservation,
    fields: each(
      ['served.read', 'hazard.read'],
      ...['id', 'notedAt', 'outcome', 'hazardId', 'place', 'fact'],
    ),
  }),
  PatrolMove: parts('from', 'to', 'at'),
  PatrolConnection: connectionParts,
  PageInfo: pageInfoParts,
  ShiftPayload: parts('shift', 'position'),
  TeamPayload: parts('team', 'position'),
  VolunteerPayload: parts('volunteer', 'position'),
  ObservationPayload: parts('observation', 'position'),
};

/** Who a volunteer is, is theirs, and of those who work with the people of their team. */
async function ofVolunteer({ id, team }: VolunteerRow, { views }: Asker): Promise<Target> {
  const today = await views.today(teamsView, team);
  if (today === undefined) throw new Error(`a volunteer names the team ${team}, which is nowhere`);
  return { area: today.area, owner: id };
}

/** Beside who may see all that was noted on the patrol: who works on the hazard it led to. */
async function ofObservation(
  { shift, grid }: ObservationRow,
  { views, action, commands }: Asker,
): Promise<Target> {
  const patrol = action === 'served.read' ? await views.today(patrolsView, shift) : undefined;
  return patrol === undefined ? { area: await workOf(commands, grid) } : patrolTarget(patrol);
}
