import { actionsOf, type Guards } from '#libs/service';
import { gridRegistryGuards } from '../../grid-registry/src/grid-registry.guards.js';
import { inspectionsGuards } from '../../inspections/src/inspections.guards.js';
import { mediationGuards } from '../../mediation/src/mediation.guards.js';
import { volunteersGuards } from '../../volunteers/src/volunteers.guards.js';

// The matrix asks whether each rule is kept, and takes the rules from where they stand. Here stands
// which right what matters takes: a rule that is weakened has to be weakened twice.

const ALL: readonly Guards[] = [
  gridRegistryGuards,
  mediationGuards,
  volunteersGuards,
  inspectionsGuards,
];

/** Every field of these types that takes more than seeing the area, or less. */
const RIGHTS = {
  Query: {
    'volunteer(asOf minPosition id)': 'volunteer.read',
    'observation(asOf minPosition id)': 'served.read or hazard.read',
    'checklist(kind)': 'nothing',
  },
  Mutation: {
    'openGrid(input)': 'grid.manage',
    'renameGrid(input)': 'grid.manage',
    'retireGrid(input)': 'grid.manage',
    'createPost(input)': 'post.manage or office.manage or county.manage',
    'appointHolder(input)': 'post.manage or office.manage or county.manage',
    'releaseHolder(input)': 'post.manage or office.manage or county.manage',
    'reportDispute(input)': 'dispute.report',
    'giveConsent(input)': 'dispute.report',
    'refuseMediation(input)': 'dispute.report',
    'assignMediator(input)': 'dispute.assign',
    'recordSession(input)': 'dispute.mediate',
    'settleDispute(input)': 'dispute.mediate',
    'endMediation(input)': 'dispute.mediate',
    'extendTerm(input)': 'dispute.mediate',
    'pauseTerm(input)': 'dispute.mediate',
    'resumeTerm(input)': 'dispute.mediate',
    'foundTeam(input)': 'volunteer.manage',
    'enrolVolunteer(input)': 'volunteer.manage',
    'publishShift(input)': 'shift.manage',
    'cancelShift(input)': 'shift.manage',
    'claimShift(input)': 'shift.serve',
    'checkIn(input)': 'shift.serve',
    'checkOut(input)': 'shift.serve',
    'noteObservation(input)': 'shift.serve',
    'confirmHours(input)': 'hours.confirm',
    'registerPlace(input)': 'place.manage',
    'closePlace(input)': 'place.manage',
    'recordInspection(input)': 'inspection.record',
    'reportHazard(input)': 'inspection.record',
    'gradeHazard(input)': 'hazard.manage',
    'rectifyHazard(input)': 'hazard.manage',
    'recheckHazard(input)': 'hazard.recheck',
  },
  Area: { code: 'nothing', name: 'nothing', level: 'nothing', path: 'nothing' },
  Post: {},
  Holder: { id: 'nothing' },
  Dispute: {
    facts: 'dispute.read',
    parties: 'dispute.read',
    sessions: 'dispute.read',
    agreement: 'dispute.read',
    endReason: 'dispute.read',
    returns: 'dispute.read',
  },
  Patrol: { volunteer: 'served.read', observations: 'served.read' },
  VolunteerTeam: {},
  Volunteer: {
    id: 'nothing',
    name: 'volunteer.read',
    minor: 'volunteer.read',
    team: 'volunteer.read',
  },
  Observation: Object.fromEntries(
    ['id', 'notedAt', 'outcome', 'hazardId', 'place', 'fact'].map((field) => [
      field,
      'served.read or hazard.read',
    ]),
  ),
  Place: {},
  Inspection: {},
  Hazard: { description: 'hazard.read', evidence: 'hazard.read' },
} as const;

/** What is no record of its own, and is shown with what it is part of. */
const PARTS = [
  ...['AreaConnection', 'DisputeConnection', 'PatrolConnection', 'PlaceConnection'],
  ...['HazardConnection', 'PageInfo', 'GridLink', 'OpenGridWork', 'GridHistory', 'Party'],
  ...['MediationSession', 'Agreement', 'DisputeReturn', 'DisputeMove', 'DisputeTerm', 'PatrolMove'],
  ...['ChecklistItem', 'CheckedItem', 'PlaceMove', 'HazardMove', 'RecheckTerm', 'GridPayload'],
  ...['PostPayload', 'DisputePayload', 'ShiftPayload', 'TeamPayload', 'VolunteerPayload'],
  ...['ObservationPayload', 'PlacePayload', 'InspectionPayload', 'HazardPayload'],
];

/** Only the key of a record that another service shows. */
const STUBS: ReadonlySet<string> = new Set(['mediation Holder', 'inspections Observation']);

const names = ['grid-registry', 'mediation', 'volunteers', 'inspections'];
const types = ALL.flatMap((guards, index) =>
  Object.entries(guards).map(([type, guard]) => ({ type, guard, service: names[index]! })),
);

function told({ fields }: Guards[string]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, rule]) => [
      field,
      actionsOf(rule).join(' or ') || 'nothing',
    ]),
  );
}

it('each field takes the right that is written here, and all others that of seeing the area', () => {
  const found: Record<string, Record<string, string>> = {};
  for (const { type, guard, service } of types) {
    if (PARTS.includes(type) || STUBS.has(`${service} ${type}`)) continue;
    const others = Object.entries(told(guard)).filter(([, right]) => right !== 'area.read');
    found[type] = { ...found[type], ...Object.fromEntries(others) };
  }
  expect(found).toEqual(RIGHTS);
});

it('a type that takes no right by itself is named here', () => {
  const unguarded = types.filter(({ guard }) => {
    return Object.values(told(guard)).every((right) => right === 'nothing');
  });
  const named = unguarded.map(({ service, type }) => {
    return STUBS.has(`${service} ${type}`) ? undefined : type;
  });
  expect([...new Set(named)].filter(Boolean).sort()).toEqual([...PARTS].sort());
});

it('a reference takes the right of what it leads to', () => {
  const references = types.flatMap(({ service, type, guard: { reference } }) => {
    return reference === undefined
      ? []
      : [`${service} ${type} ${actionsOf(reference).join(' or ')}`];
  });
  expect(references.sort()).toEqual(
    [
      ...names.map((service) => `${service} Area `),
      'grid-registry Holder ',
      'grid-registry Post area.read',
      'inspections Hazard area.read',
      'inspections Inspection area.read',
      'inspections Place area.read',
      'mediation Dispute area.read',
      'volunteers Observation served.read or hazard.read',
      'volunteers Patrol area.read',
    ].sort(),
  );
});
