import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import type { GraphQLError } from 'graphql';
import {
  type Action,
  ACTIONS,
  type Actor,
  decide,
  may,
  PURPOSE_NAMES,
  type Role,
  ROLE_NAMES,
  type Target,
  targetOf,
  type Verdict,
} from '#libs/access';
import { type AreaCode, parseAreaCode } from '#libs/contracts';
import { refuse, type Refusal } from '#libs/event';
import { refusalError } from './refusal-error.js';
import { type RequestRefusal, requestRefusals } from './request.refusals.js';

type Denial = Extract<Verdict, { allowed: false }>;

const logger = new Logger('Access');

/** What was asked for while one field was answered, so that a field which asks nothing is found. */
export const askedActions = new AsyncLocalStorage<Set<Action>>();

/**
 * Throws unless the actor may do this to the target: ROLE_MAY_NOT, OUT_OF_SCOPE, NOT_ASSIGNED,
 * NOT_OWN, NOT_HANDED_OVER or PURPOSE_DIFFERS. What was refused is logged, without the token.
 */
export function authorise(actor: Actor, action: Action, target: AreaCode | Target): void {
  askedActions.getStore()?.add(action);
  const at = targetOf(target);
  const verdict = decide(actor, action, at);
  if (!verdict.allowed) throw denied(actor, { action, area: at.area, verdict });
}

/** Whether the actor may do this, for who has another way to ask. */
export function allowed(actor: Actor, action: Action, target: AreaCode | Target): boolean {
  askedActions.getStore()?.add(action);
  return may(actor, action, target);
}

/** The refusal of what was not allowed; it is logged, without the token and without what was asked. */
export function denied(
  actor: Actor,
  { action, area, verdict }: { action: Action; area: AreaCode; verdict: Denial },
): GraphQLError {
  logger.warn(`${actor.subject} may not ${action} in ${area}: ${verdict.why}`);
  return refusalError(refusalOf(actor, action, { area, verdict }), requestRefusals);
}

function refusalOf(
  { purpose }: Actor,
  action: Action,
  { area, verdict }: { area: AreaCode; verdict: Denial },
): Refusal<RequestRefusal> {
  const facts = {
    action: ACTIONS[action].en,
    actionZh: ACTIONS[action].zh,
    role: named(verdict.roles, 'en') || 'none',
    roleZh: named(verdict.roles, 'zh') || '无',
    needed: named(verdict.needed, 'en'),
    neededZh: named(verdict.needed, 'zh'),
    area,
    scope: verdict.areas.join(', '),
  };
  switch (verdict.why) {
    case 'role':
      return refuse('RoleMayNot', facts);
    case 'area':
      return refuse('OutOfScope', facts);
    case 'assigned':
      return refuse('NotAssigned', facts);
    case 'own':
      return refuse('NotOwn', facts);
    case 'hand-over':
      return refuse('NotHandedOver', facts);
    case 'purpose': {
      const names = purpose && PURPOSE_NAMES[purpose];
      return refuse('PurposeDiffers', {
        ...facts,
        purpose: names?.en ?? 'none',
        purposeZh: names?.zh ?? '无',
      });
    }
  }
}

function named(roles: readonly Role[], language: 'zh' | 'en'): string {
  return roles.map((role) => ROLE_NAMES[role][language]).join(language === 'zh' ? '、' : ', ');
}

/** The code that a client sent, normalised; throws AREA_CODE_MALFORMED. */
export function areaCodeOf(text: string): AreaCode {
  const code = parseAreaCode(text);
  if (code === undefined) {
    throw refusalError(refuse('AreaCodeMalformed', { code: text.slice(0, 40) }), requestRefusals);
  }
  return code;
}
