import { applyDecorators } from '@nestjs/common';
import { Field, ID, InputType } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { IsISO8601, IsOptional, IsUUID, Matches, ValidateBy } from 'class-validator';
import type { Actor } from '#libs/access';
import type { Refusal } from '#libs/event';
import type { CommandMeta, Done } from '#libs/event-log';
import { newId } from './ids.js';
import { refusalError, type RefusalTexts } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';

/** What every command's input may carry. */
@InputType({ isAbstract: true })
export abstract class CommandInput {
  @Field(() => ID, {
    nullable: true,
    description: 'A UUID of your own: sending the command again under it changes nothing.',
  })
  @IsOptional()
  @IsUUID()
  commandId?: string | null;
}

/** A letter, a number or a sign: something to be read. */
const SAYS = /(?!\p{DI})[\p{L}\p{N}\p{S}\p{P}]/u;
/** Control characters but for line breaks and tabs, half characters, and marks that turn the order. */
const HIDES = /[\p{Cs}\u202A-\u202E\u2066-\u2069]|(?![\n\r\t])\p{Cc}/u;

/**
 * A text that says something: 1 to `max` characters after blanks at its ends are cut off. Counted
 * in UTF-16 units, as the events' schemas count; class-validator's own Length counts fewer.
 */
export function IsText(max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.trim() : value,
    ),
    ValidateBy({
      name: 'isLength',
      validator: {
        validate: (value) =>
          typeof value === 'string' &&
          value.length <= max &&
          SAYS.test(value) &&
          !HIDES.test(value),
        defaultMessage: () => `$property must be a text of 1 to ${max} characters`,
      },
    }),
  );
}

/** ISO 8601 alone allows weeks and times without an offset, which say no point in time here. */
export const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** A point in time, with its offset; `new Date(...).toISOString()` is then the same one in UTC. */
export function IsTime(): PropertyDecorator {
  return applyDecorators(
    IsISO8601({ strict: true, strictSeparator: true }),
    Matches(RFC_3339, {
      message: '$property must be an RFC 3339 time, such as 2026-03-03T09:30:00+08:00',
    }),
  );
}

/** Who asks for what; `input` is hashed, so that one command id cannot mean two requests. */
export function commandMeta(actor: Actor, name: string, input: CommandInput): CommandMeta {
  const { commandId, ...request } = input;
  return {
    commandId: commandId?.toLowerCase() ?? newId(),
    actor: actor.subject,
    request: [name, request],
  };
}

/** What a command led to; throws its refusal as a GraphQL error. */
export function doneOf<Code extends string>(
  outcome: Done | Refusal<Code | 'CommandIdReused'>,
  texts: RefusalTexts<Code>,
): Done {
  if ('status' in outcome) return outcome;
  throw refusalError(outcome, { ...texts, CommandIdReused: requestRefusals.CommandIdReused });
}
