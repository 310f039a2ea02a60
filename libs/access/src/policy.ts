import { type AreaCode, covers } from '#libs/contracts';
import type { Actor } from './actor.js';

/** 角色: what a signed-in person is in the office. */
export type Role = (typeof ROLES)[number];

export const ROLES = [
  'supervisor',
  'registrar',
  'mediator',
  'grid-worker',
  'inspector',
  'volunteer',
  'reader',
  'auditor',
  'operator',
] as const;

/** 操作: what can be done, as the policy table names it. */
export type Action =
  | 'area.read'
  | 'grid.manage'
  | 'post.manage'
  | 'dispute.read'
  | 'dispute.report'
  | 'dispute.assign'
  | 'dispute.mediate'
  | 'volunteer.manage'
  | 'shift.manage'
  | 'shift.serve'
  | 'hours.confirm'
  | 'place.manage'
  | 'inspection.record'
  | 'hazard.manage'
  | 'hazard.recheck'
  | 'log.read'
  | 'operation.read'
  | 'delivery.manage';

/** Which role may do what, always within the area of its token. What is not here is refused. */
const POLICY: Readonly<Record<Role, readonly Action[]>> = {
  supervisor: [
    'area.read',
    'grid.manage',
    'post.manage',
    'dispute.read',
    'dispute.report',
    'dispute.assign',
    'dispute.mediate',
    'volunteer.manage',
    'shift.manage',
    'shift.serve',
    'hours.confirm',
    'place.manage',
    'inspection.record',
    'hazard.manage',
    'hazard.recheck',
  ],
  registrar: ['area.read', 'grid.manage', 'post.manage', 'place.manage'],
  mediator: ['area.read', 'dispute.read', 'dispute.report', 'dispute.mediate'],
  'grid-worker': [
    'area.read',
    'dispute.read',
    'dispute.report',
    'place.manage',
    'inspection.record',
    'hazard.recheck',
  ],
  inspector: ['area.read', 'place.manage', 'inspection.record', 'hazard.manage', 'hazard.recheck'],
  volunteer: ['area.read', 'shift.serve'],
  reader: ['area.read'],
  // Whoever acts in the office does not read its log, and whoever audits it changes nothing.
  auditor: ['area.read', 'log.read', 'operation.read'],
  // Who keeps the system running sees where it stands, never a case.
  operator: ['operation.read', 'delivery.manage'],
};

/** Whether the actor's role allows the action and the actor's area covers `area`. */
export function may(actor: Actor, action: Action, area: AreaCode): boolean {
  return POLICY[actor.role].includes(action) && covers(actor.area, area);
}
