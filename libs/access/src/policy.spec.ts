import { type AreaCode, COUNTRY, parseAreaCode } from '#libs/contracts';
import { type Action, ACTION_LIST, changes } from './action.js';
import { claimedActor } from './actor.js';
import { may } from './decide.js';
import { POLICY, type Scope } from './policy.js';
import { type Role, ROLE_NAMES, ROLES } from './role.js';

function area(text: string): AreaCode {
  const code = parseAreaCode(text);
  if (code === undefined) throw new Error(`${text} should be an area code`);
  return code;
}

/** In whose words an action is given: the roles of the office, by how much they answer for. */
const OFFICE = ['supervisor', 'township-desk'] as const;
const GRID = ['grid-leader', 'grid-worker'] as const;

/** Who may do what, written out once more, so that no change of the table goes unseen. */
const RIGHTS: Readonly<Record<Action, readonly Role[]>> = {
  'area.read': ROLES.filter((role) => role !== 'operator'),
  'grid.manage': ['supervisor', 'registrar'],
  'post.manage': [...OFFICE, 'registrar'],
  'office.manage': ['supervisor', 'registrar'],
  'county.manage': ['registrar'],
  'dispute.read': [...OFFICE, 'committee-chair', 'mediator', ...GRID, 'community-police-officer'],
  'dispute.report': [
    ...OFFICE,
    ...['committee-chair', 'mediator', 'grid-leader', 'grid-worker'],
    ...['community-police-officer', 'resident-auxiliary', 'integrator'],
  ] as readonly Role[],
  'dispute.assign': [...OFFICE, 'committee-chair'],
  'dispute.mediate': ['supervisor', 'committee-chair', 'mediator'],
  'volunteer.manage': [...OFFICE, 'team-leader'],
  'volunteer.read': [...OFFICE, 'team-leader', 'person-concerned'],
  'shift.manage': [...OFFICE, 'grid-leader', 'team-leader'],
  'shift.serve': ['supervisor', 'volunteer'],
  'served.read': [...OFFICE, 'grid-leader', 'team-leader', 'person-concerned'],
  'hours.confirm': [...OFFICE, 'team-leader'],
  'place.manage': [...OFFICE, 'registrar', ...GRID, 'inspector'],
  'inspection.record': ['supervisor', ...GRID, 'inspector'],
  'hazard.read': [...OFFICE, ...GRID, 'inspector'],
  'hazard.manage': [...OFFICE, 'inspector'],
  'hazard.recheck': ['supervisor', ...GRID, 'inspector'],
  'log.read': ['auditor'],
  'operation.read': ['auditor', 'operator'],
  'delivery.manage': ['operator'],
};

/** Rights that do not hold on every record of the area. */
const NARROW: Readonly<Record<string, Scope>> = {
  'mediator dispute.read': 'assigned',
  'mediator dispute.mediate': 'assigned',
  'community-police-officer dispute.read': 'hand-over',
  'volunteer shift.serve': 'own',
  'person-concerned volunteer.read': 'own',
  'person-concerned served.read': 'own',
};

const everyone = Object.keys(ROLE_NAMES) as Role[];

describe('the table', () => {
  it.each(ACTION_LIST)('gives the right to %s to exactly these', (action) => {
    const rules = POLICY.filter((rule) => rule.action === action);
    expect(rules.map(({ role }) => role).sort()).toEqual([...RIGHTS[action]].sort());
    for (const { role, scope } of rules) {
      expect(scope).toBe(NARROW[`${role} ${action}`] ?? 'area');
    }
  });

  it('knows every role that somebody can have', () => {
    expect(new Set(POLICY.map(({ role }) => role))).toEqual(new Set(everyone));
  });
});

describe('duties are apart', () => {
  const rightsOf = (role: Role) => POLICY.filter((rule) => rule.role === role);

  it('an auditor changes nothing, and looks for the audit alone', () => {
    for (const { action, purposes } of rightsOf('auditor')) {
      expect(changes(action)).toBe(false);
      expect(purposes).toEqual(['audit']);
    }
  });

  it('an operator sees no case, no person and no area', () => {
    const actions = rightsOf('operator').map(({ action }) => action);
    expect(actions).toEqual(['operation.read', 'delivery.manage']);
  });

  it('nobody who acts in the office reads its log or runs it', () => {
    const others = everyone.filter((role) => role !== 'auditor' && role !== 'operator');
    for (const { action } of others.flatMap(rightsOf)) {
      expect(['log.read', 'operation.read', 'delivery.manage']).not.toContain(action);
    }
  });

  it('nobody may fill a post that gives more than they may give', () => {
    const fills = (role: Role) => rightsOf(role).map(({ action }) => action);
    expect(fills('township-desk')).not.toContain('office.manage');
    expect(fills('supervisor')).not.toContain('county.manage');
  });
});

const SHAOYANG = area('4305');
const actor = (role: Role, scope: AreaCode) => claimedActor({ subject: 'a-1', role, area: scope });

describe('a right ends at the border of the actor’s area', () => {
  it.each([
    ['4305', '4305', true],
    ['4305', '430502', true],
    ['4305', '430502001001001', true],
    ['4305', '430602', false],
    ['4305', '43', false],
    ['4305', '0', false],
    ['430502', '4305', false],
    ['430502', '430503', false],
    ['430502001001', '430502001002', false],
    ['430502001001001', '430502001001001', true],
    ['430502001001001', '430502001001', false],
  ])('who acts in %s may act in %s: %s', (scope, place, allowed) => {
    for (const role of ROLES) {
      const action = role === 'operator' ? 'operation.read' : 'area.read';
      expect(may(actor(role, area(scope)), action, area(place))).toBe(allowed);
    }
  });

  it('whoever acts for the country may act everywhere', () => {
    for (const place of ['0', '11', '4305', '650101001001001']) {
      expect(may(actor('supervisor', COUNTRY), 'dispute.assign', area(place))).toBe(true);
    }
  });

  it('a wide area gives no right that the role has not', () => {
    expect(may(actor('reader', COUNTRY), 'dispute.read', SHAOYANG)).toBe(false);
  });
});
