import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Field, GqlExecutionContext, ObjectType } from '@nestjs/graphql';
import { type Due, explain } from '#libs/calendar';
import type { Language, RequestContext } from './request-context.js';
import { Time } from './scalars.js';

/** The language of the request, as a resolver's parameter. */
export const Speaking = createParamDecorator(
  (_: unknown, context: ExecutionContext): Language =>
    GqlExecutionContext.create(context).getContext<RequestContext>().language,
);

/** What a type says of a due date; each service has a type of its own that extends it. */
@ObjectType({ isAbstract: true })
export abstract class DeadlineNode {
  @Field(() => Time, {
    nullable: true,
    description: '24:00 of its last day, in Shanghai; null while its clock stands.',
  })
  dueAt: string | null;

  @Field(() => Boolean, {
    description: 'Whether it rests on holidays that are not published yet.',
  })
  isProvisional: boolean;

  @Field(() => String, {
    description: 'How it was counted: one sentence, in the language of the request.',
  })
  explanation: string;
}

export function deadlineNode(due: Due, language: Language): DeadlineNode {
  const { dueAt, isProvisional } = due;
  return { dueAt, isProvisional, explanation: explain(due)[language] };
}
