import { type Action, ACTION_LIST, ACTIONS, type Purpose } from './action.js';
import type { Role } from './role.js';

/** 范围: on which records a right holds, always within the area of the role. */
export type Scope = keyof typeof SCOPE_NAMES;

export const SCOPE_NAMES = {
  area: { zh: '辖区内', en: 'in the area' },
  assigned: { zh: '指派给本人或尚未指派', en: 'assigned to them, or to nobody yet' },
  own: { zh: '本人的', en: 'their own' },
  'hand-over': { zh: '已移交', en: 'handed over to them' },
} as const;

/** 授权规则: one row of the table. */
export interface Rule {
  readonly role: Role;
  readonly action: Action;
  readonly scope: Scope;
  /** What it may be done for. */
  readonly purposes: readonly Purpose[];
}

type Rights = Readonly<Partial<Record<Action, Scope>>>;

/** These actions, each in the whole area of the role. */
function all(...actions: readonly Action[]): Rights {
  return Object.fromEntries(actions.map((action) => [action, 'area']));
}

/** Who may do what, on which records. What is not here is refused. */
const TABLE: Readonly<Record<Role, Rights>> = {
  supervisor: all(
    'area.read',
    'grid.manage',
    'post.manage',
    'office.manage',
    'dispute.read',
    'dispute.report',
    'dispute.assign',
    'dispute.mediate',
    'volunteer.manage',
    'volunteer.read',
    'shift.manage',
    'shift.serve',
    'served.read',
    'hours.confirm',
    'place.manage',
    'inspection.record',
    'hazard.read',
    'hazard.manage',
    'hazard.recheck',
  ),
  'township-desk': all(
    'area.read',
    'post.manage',
    'dispute.read',
    'dispute.report',
    'dispute.assign',
    'volunteer.manage',
    'volunteer.read',
    'shift.manage',
    'served.read',
    'hours.confirm',
    'place.manage',
    'hazard.read',
    'hazard.manage',
  ),
  'committee-chair': all(
    'area.read',
    'dispute.read',
    'dispute.report',
    'dispute.assign',
    'dispute.mediate',
  ),
  registrar: all(
    'area.read',
    'grid.manage',
    'post.manage',
    'office.manage',
    'county.manage',
    'place.manage',
  ),
  mediator: {
    ...all('area.read', 'dispute.report'),
    'dispute.read': 'assigned',
    'dispute.mediate': 'assigned',
  },
  'grid-leader': all(
    'area.read',
    'dispute.read',
    'dispute.report',
    'shift.manage',
    'served.read',
    'place.manage',
    'inspection.record',
    'hazard.read',
    'hazard.recheck',
  ),
  'grid-worker': all(
    'area.read',
    'dispute.read',
    'dispute.report',
    'place.manage',
    'inspection.record',
    'hazard.read',
    'hazard.recheck',
  ),
  'community-police-officer': {
    ...all('area.read', 'dispute.report'),
    'dispute.read': 'hand-over',
  },
  'resident-auxiliary': all('area.read', 'dispute.report'),
  inspector: all(
    'area.read',
    'place.manage',
    'inspection.record',
    'hazard.read',
    'hazard.manage',
    'hazard.recheck',
  ),
  'team-leader': all(
    'area.read',
    'volunteer.manage',
    'volunteer.read',
    'shift.manage',
    'served.read',
    'hours.confirm',
  ),
  volunteer: { ...all('area.read'), 'shift.serve': 'own' },
  reader: all('area.read'),
  integrator: all('area.read', 'dispute.report'),
  // Whoever acts in the office does not read its log, and whoever audits it changes nothing.
  auditor: all('area.read', 'log.read', 'operation.read'),
  // Who keeps the system running sees where it stands, never a case.
  operator: all('operation.read', 'delivery.manage'),
  'person-concerned': { 'volunteer.read': 'own', 'served.read': 'own' },
};

/** An auditor looks for the sake of the audit alone. */
const PURPOSES_OF: Readonly<Partial<Record<Role, readonly Purpose[]>>> = { auditor: ['audit'] };

/** 授权表: every right that there is. */
export const POLICY: readonly Rule[] = (Object.keys(TABLE) as Role[]).flatMap((role) =>
  ACTION_LIST.flatMap((action) => {
    const scope = TABLE[role][action];
    const purposes = PURPOSES_OF[role] ?? ACTIONS[action].purposes;
    return scope === undefined ? [] : [{ role, action, scope, purposes }];
  }),
);

const RULES = new Map(POLICY.map((rule) => [`${rule.role} ${rule.action}`, rule] as const));

/** The row that gives a role a right; undefined when none does. */
export function ruleOf(role: Role, action: Action): Rule | undefined {
  return RULES.get(`${role} ${action}`);
}
