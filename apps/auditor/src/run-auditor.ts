import { inspect } from 'node:util';
import { type AuditorCommand, type CommandIo, EXIT, UsageError } from './command.js';
import { commands } from './commands.js';
import { codeOf, messageOf } from './fault-code.js';
import { withCopies } from './sources/database-copy.js';

/**
 * Runs the command that the arguments name.
 *
 * @returns the exit code; whatever keeps a command from its work is 3, never a verdict on the log
 */
export async function runAuditor(args: readonly string[], io: CommandIo): Promise<number> {
  const [name = '', ...rest] = args;
  if (['help', '--help', '-h'].includes(name)) {
    io.out.write(usage());
    return EXIT.clean;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const told = name === '' ? 'no command given' : `there is no command ${name}`;
    io.err.write(`auditor: ${told}\n${usage()}`);
    return EXIT.couldNotRun;
  }
  try {
    return await withCopies(rest, io, (args) => command.run(args, io));
  } catch (error) {
    io.err.write(faultText(command, error));
    return EXIT.couldNotRun;
  }
}

function usage(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `usage: auditor COMMAND [SOURCE] ...\n${lines.join('')}`;
}

/** A fault with a code is the auditor's to mend, in one line; anything else is a defect of ours. */
function faultText({ name, usage: form }: AuditorCommand, error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return `${inspect(error)}\n`;
  const told = messageOf(error).replaceAll('\n', ' ');
  const isUsage =
    error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'));
  return `auditor ${name}: ${told}\n${isUsage ? `usage: auditor ${name} ${form}\n` : ''}`;
}
