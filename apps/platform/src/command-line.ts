import { findPackageJSON } from 'node:module';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** The command line is wrong: the message is one line that says how it is written. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
type Values<Known extends Options> = ReturnType<typeof parseArgs<{ options: Known }>>['values'];

/**
 * The options that were given, and no others.
 *
 * @throws UsageError when one is not known or lacks its value
 */
export function optionsOf<Known extends Options>(usage: string, options: Known): Values<Known> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence] = error.message.split(/(?<=\.)\s/, 1);
    throw new UsageError(`${sentence} Usage: ${usage}`, { cause: error });
  }
}

/** The name and the version of this program, as its reports name it. */
export function programVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  const { name, version } = JSON.parse(readFileSync(path ?? '', 'utf8')) as Record<string, string>;
  return `${name} ${version}`;
}
