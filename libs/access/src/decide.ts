import { type AreaCode, covers } from '#libs/contracts';
import type { Action, Purpose } from './action.js';
import { type Actor, isSelf, OWN_GRANT } from './actor.js';
import type { Grant } from './identity.js';
import { POLICY, type Rule, ruleOf, type Scope } from './policy.js';
import type { Role } from './role.js';

/** 对象: what an action is about, as far as rights depend on it. What is left out gives none. */
export interface Target {
  readonly area: AreaCode;
  /** The holder whom it is assigned to; null when that is nobody yet. */
  readonly assignee?: string | null;
  /** The volunteer whom it is about. */
  readonly owner?: string | null;
  /** The holders to whom it was handed over. */
  readonly handedTo?: readonly string[];
}

/** 裁定: whether somebody may do something, and by what. */
export type Verdict =
  | {
      readonly allowed: true;
      readonly rule: Rule;
      readonly grant: Grant;
      readonly purpose: Purpose;
    }
  | {
      readonly allowed: false;
      readonly why: Exclude<Scope, 'area'> | 'role' | 'area' | 'purpose';
      /** Their roles where this is; those anywhere when there is none. */
      readonly roles: readonly Role[];
      /** The areas in which they have any. */
      readonly areas: readonly AreaCode[];
      /** The roles that may do it. */
      readonly needed: readonly Role[];
    };

/**
 * The one rule by which everything is shown and done: some role of the actor has the right, in an
 * area that covers the target, on a record that the scope of the right takes in, for a purpose that
 * the right is for. Whatever is missing refuses.
 */
export function decide(actor: Actor, action: Action, target: Target): Verdict {
  let why: Extract<Verdict, { allowed: false }>['why'] | undefined;
  for (const grant of [...actor.grants, OWN_GRANT]) {
    const rule = ruleOf(grant.role, action);
    if (rule === undefined || !covers(grant.area, target.area)) continue;
    const purpose = actor.purpose ?? rule.purposes[0];
    const holds = takesIn(rule.scope, { actor, grant, target });
    if (holds && purpose !== undefined && rule.purposes.includes(purpose)) {
      return { allowed: true, rule, grant, purpose };
    }
    // What somebody may do with their own says little to who asked for another's.
    if (grant !== OWN_GRANT) why = holds ? 'purpose' : rule.scope;
  }
  return refusedTo(actor, { action, target, why });
}

/** Whether the actor may do this to the target. */
export function may(actor: Actor, action: Action, target: AreaCode | Target): boolean {
  return decide(actor, action, targetOf(target)).allowed;
}

export function targetOf(target: AreaCode | Target): Target {
  return typeof target === 'string' ? { area: target } : target;
}

interface Case {
  readonly actor: Actor;
  readonly grant: Grant;
  readonly target: Target;
}

function takesIn(scope: Scope, { actor, grant: { source }, target }: Case): boolean {
  const { assignee, owner, handedTo } = target;
  switch (scope) {
    case 'area':
      return true;
    case 'assigned':
      if (assignee === undefined) return false;
      // A system stands for a whole office: who of it has the case is its own affair.
      if (source.kind === 'claim' || assignee === null) return true;
      return source.kind === 'appointment' && source.holder === assignee;
    case 'own':
      return owner != null && isSelf(actor, owner);
    case 'hand-over':
      return source.kind === 'appointment' && (handedTo ?? []).includes(source.holder);
  }
}

function refusedTo(
  { grants }: Actor,
  {
    action,
    target,
    why,
  }: {
    readonly action: Action;
    readonly target: Target;
    readonly why: Extract<Verdict, { allowed: false }>['why'] | undefined;
  },
): Verdict {
  const here = grants.filter(({ area }) => covers(area, target.area));
  const shown = here.length > 0 ? here : grants;
  return {
    allowed: false,
    why: why ?? (here.length > 0 || grants.length === 0 ? 'role' : 'area'),
    roles: [...new Set(shown.map(({ role }) => role))],
    areas: [...new Set(grants.map(({ area }) => area))],
    needed: POLICY.filter((rule) => rule.action === action).map(({ role }) => role),
  };
}
