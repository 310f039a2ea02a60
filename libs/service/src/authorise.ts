import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { type Action, type Actor, may } from '#libs/access';
import { type AreaCode, covers, parseAreaCode } from '#libs/contracts';
import { refuse } from '#libs/event';
import { refusalError } from './refusal-error.js';
import type { RequestContext } from './request-context.js';
import { requestRefusals } from './request.refusals.js';

/** The verified actor of the request, as a resolver's parameter. */
export const Acting = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor =>
    GqlExecutionContext.create(context).getContext<RequestContext>().actor,
);

/** Throws OUT_OF_SCOPE or ROLE_MAY_NOT unless the actor may do this in the area. */
export function authorise(actor: Actor, action: Action, area: AreaCode): void {
  if (may(actor, action, area)) return;
  const refusal = covers(actor.area, area)
    ? refuse('RoleMayNot', { role: actor.role, action })
    : refuse('OutOfScope', { area, scope: actor.area });
  throw refusalError(refusal, requestRefusals);
}

/** The code that a client sent, normalised; throws AREA_CODE_MALFORMED. */
export function areaCodeOf(text: string): AreaCode {
  const code = parseAreaCode(text);
  if (code === undefined) {
    throw refusalError(refuse('AreaCodeMalformed', { code: text.slice(0, 40) }), requestRefusals);
  }
  return code;
}
