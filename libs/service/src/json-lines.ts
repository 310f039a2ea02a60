import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';
import { type Logger as Pino, pino, stdTimeFunctions } from 'pino';

type Write = NodeJS.WriteStream['write'];

/** `SERVICE: what it says`, as every line of these processes begins. */
const LINE = /^([a-z][a-z-]*): ([^]+)$/;

/**
 * From here on each message of the process is one JSON object on a line of stderr, for machines that
 * collect them: level, time, process, service, msg. Whatever writes to stderr is taken, so that no
 * line of another form gets between. Messages tell nothing of persons, in whatever form.
 *
 * @returns what makes it plain text again
 */
export function writeJsonLines(process: string, stream: { write: Write }): () => void {
  const plain = stream.write;
  const out = { write: (line: string) => void plain.call(stream, line) };
  const log = pino({ base: { process }, timestamp: stdTimeFunctions.isoTime, formatters }, out);
  let begun = '';
  stream.write = (chunk: string | Uint8Array) => {
    begun += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    // What was written at once, such as an error with its stack, is one message.
    if (begun.endsWith('\n')) {
      tell(log, begun.trim());
      begun = '';
    }
    return true;
  };
  Logger.overrideLogger(new NestLines(log));
  return () => {
    stream.write = plain;
    Logger.overrideLogger(new ConsoleLogger());
  };
}

const formatters = { level: (level: string) => ({ level }) };

function tell(log: Pino, text: string): void {
  if (text === '') return;
  const [, service, msg] = LINE.exec(text) ?? [];
  if (service === undefined) log.info(text);
  else log.info({ service }, msg);
}

/** What Nest, and whoever uses its Logger, has to say; as the processes set it, from warnings on. */
class NestLines implements LoggerService {
  constructor(private readonly pino: Pino) {}

  log(): void {
    // How Nest wires its modules is no news for an operator.
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.pino.warn({ context: contextIn(more) }, textOf(message));
  }

  error(message: unknown, ...more: unknown[]): void {
    // The last of them names who speaks; what stands before is a stack.
    const stack =
      message instanceof Error ? message.stack : more.slice(0, -1).map(textOf).join('\n');
    this.pino.error({ context: contextIn(more), ...(stack && { stack }) }, textOf(message));
  }
}

function contextIn(more: readonly unknown[]): string | undefined {
  const last = more.at(-1);
  return typeof last === 'string' ? last : undefined;
}

function textOf(message: unknown): string {
  return message instanceof Error ? message.message : String(message);
}
