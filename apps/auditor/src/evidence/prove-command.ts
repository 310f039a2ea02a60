import { writeFileSync } from 'node:fs';
import { positionText } from '#libs/event-log';
import { type Reply, writeAnswer } from '../answer.js';
import { LOG_OPTIONS, parsed, parsePosition, placed, wholeNumber } from '../arguments.js';
import { CannotRun, type CommandIo, EXIT, UsageError } from '../command.js';
import type { LogSource } from '../log-source.js';
import { inEachLog, type LogsAsked } from '../opened-logs.js';
import { newestCheckpoint } from './newest-checkpoint.js';
import { proveEntry } from './prove-entry.js';

interface Asked extends Omit<LogsAsked, 'io'> {
  readonly service: string;
  readonly position: number;
  readonly out: string;
}

/** Writes the proof that a log holds an event, and the event's bytes beside it. */
export async function runProve(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = { ...readAsked(args), io };
  return inEachLog(asked, async (source) => prove(source, asked));
}

async function prove(source: LogSource, asked: Asked & Reply): Promise<number> {
  const { position, out } = asked;
  const event = positionText(source.service, position);
  const checkpoint = await newestCheckpoint(source);
  const head = await source.head();
  const size = checkpoint?.size ?? 0;
  if (position >= head) {
    throw new CannotRun(
      `there is no event ${event}: ${source.place} has ${head} of ${source.service}`,
    );
  }
  if (checkpoint === undefined || position >= size) {
    const finding = `${event} is under no checkpoint yet: ${size} of ${head} events are signed`;
    writeAnswer(asked, { value: { event, size, head, finding }, lines: [finding] });
    return EXIT.gap;
  }
  const { entry, proof } = await proveEntry(source, checkpoint, position);
  writeFileSync(out, proof);
  writeFileSync(`${out}.entry`, entry);
  const value = { event, proof: out, entry: `${out}.entry`, origin: checkpoint.origin, size };
  const told = `${event} is proven in ${checkpoint.origin} of ${size} events: ${out} and ${out}.entry`;
  writeAnswer(asked, { value: { ...value, vkey: checkpoint.vkey }, lines: [told] });
  return EXIT.clean;
}

function readAsked(args: readonly string[]): Asked {
  const { values, positionals } = parsed(args, {
    ...LOG_OPTIONS,
    position: { type: 'string' },
    out: { type: 'string' },
  });
  const { source, service, position } =
    values.position === undefined
      ? namedEvent(positionals)
      : {
          source: placed(positionals)[0],
          ...eventAt(values.position, values.service),
        };
  const out = values.out ?? `${service}-${position}.tlog-proof`;
  return { ...values, place: source, service, position, out };
}

/** `[SOURCE] mediation@12` */
function namedEvent(positionals: readonly string[]) {
  const [source, event = ''] = placed(positionals, ['EVENT']);
  const named = parsePosition(event);
  if (named !== undefined) return { source, ...named };
  throw new UsageError(`${JSON.stringify(event)} is no event: name it as in mediation@12`);
}

/** `--service mediation --position 12`, or `--position mediation@12` */
function eventAt(text: string, service: string | undefined) {
  const named = parsePosition(text);
  if (named !== undefined) return named;
  const position = wholeNumber(text, '--position');
  if (service === undefined) throw new UsageError('--service is missing: whose position is it?');
  return { service, position };
}
