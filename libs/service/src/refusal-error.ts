import { GraphQLError } from 'graphql';
import type { Refusal } from '#libs/event';

/** What a reader is told: `{fact}` stands for a fact of the refusal. */
export interface RefusalText {
  readonly zh: string;
  readonly en: string;
  /** Where the rule stands: law and article, standard. */
  readonly source?: string;
}

/** The text of every refusal of a closed union. */
export type RefusalTexts<Code extends string> = Readonly<Record<Code, RefusalText>>;

/** When it makes sense to ask for the same again. */
export interface Retry {
  readonly retryAfterMs: number;
}

/**
 * A refusal as clients get it: `extensions.code` in upper snake case, the message in Chinese, both
 * languages in `extensions.messages`.
 */
export function refusalError<Code extends string>(
  refusal: Refusal<Code>,
  texts: RefusalTexts<Code>,
  retry?: Retry,
): GraphQLError {
  const { zh, en, source } = texts[refusal.refused];
  const messages = { zh: filled(zh, refusal), en: filled(en, refusal) };
  return new GraphQLError(messages.zh, {
    extensions: { code: codeOf(refusal.refused), messages, ...(source && { source }), ...retry },
  });
}

/** The same refusal for a request of which nothing was executed: it has an HTTP status. */
export function refusedWith(
  status: number,
  { extensions }: GraphQLError,
  language: 'zh' | 'en' = 'zh',
): GraphQLError {
  const messages = extensions['messages'] as Readonly<Record<'zh' | 'en', string>>;
  return new GraphQLError(messages[language], { extensions: { ...extensions, http: { status } } });
}

/** `DisputeNotFound` is `DISPUTE_NOT_FOUND`. */
export function codeOf(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}

function filled(text: string, { facts }: Refusal): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(facts?.[name] ?? ''));
}
