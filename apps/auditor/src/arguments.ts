import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './command.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options, as `parseArgs` of Node takes them, of every command that reads logs. */
export const LOG_OPTIONS = {
  service: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/**
 * A command line in its parts. Of what is named twice only one could count: that is refused, save
 * for what may be named many times.
 *
 * @throws UsageError; what `parseArgs` throws when an option is not known
 */
export function parsed<const Named extends Options>(args: readonly string[], options: Named) {
  const config = { args: [...args], allowPositionals: true, options, tokens: true } as const;
  const { values, positionals, tokens } = parseArgs(config);
  const named = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option' || options[token.name]?.multiple === true) continue;
    if (named.has(token.name)) throw new UsageError(`--${token.name} is named twice`);
    named.add(token.name);
  }
  return { values, positionals };
}

/** @throws UsageError unless the text is a whole number from 0 */
export function wholeNumber(text: string, what: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`${what} is ${JSON.stringify(text)}: it must be a whole number from 0`);
}

/** @throws UsageError unless the text is a time with its zone, as RFC 3339 has it */
export function timeOf(text: string, what: string): number {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isTime ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms;
  const told = JSON.stringify(text);
  throw new UsageError(`${what} is ${told}: it must be a time such as 2026-11-22T10:00:00Z`);
}

/** A place in a service's log as it is shown outside; undefined when the text is none. */
export function parsePosition(
  text: string,
): { readonly service: string; readonly position: number } | undefined {
  const [, service, digits] = /^([a-z][a-z-]*)@(\d{1,15})$/.exec(text) ?? [];
  return service === undefined ? undefined : { service, position: Number(digits) };
}

/**
 * What stands without an option: a source, which may be left out, and in front of the end what the
 * command asks for.
 *
 * @throws UsageError when there is more, or less than is asked for
 */
export function placed(
  positionals: readonly string[],
  asked: readonly string[] = [],
): readonly [source: string | undefined, ...asked: readonly string[]] {
  const surplus = positionals.length - asked.length;
  if (surplus < 0) throw new UsageError(`${asked.slice(surplus).join(' and ')} is missing`);
  if (surplus > 1)
    throw new UsageError(`${JSON.stringify(positionals[1])} is one argument too many`);
  return surplus === 1 ? [positionals[0], ...positionals.slice(1)] : [undefined, ...positionals];
}
