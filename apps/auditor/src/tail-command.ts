import { setTimeout as pause } from 'node:timers/promises';
import { decodeEntry } from '#libs/event-log';
import { writeAnswer } from './answer.js';
import { LOG_OPTIONS, parsed, placed, wholeNumber } from './arguments.js';
import { type CommandIo, EXIT } from './command.js';
import type { LogSource } from './log-source.js';
import { inEachLog, type LogsAsked } from './opened-logs.js';
import { eventLine } from './records/event-lines.js';
import { shownEvent } from './records/shown-event.js';
import { pagesOf } from './whole-log.js';

const POLL_MS = 100;
/** An address is asked over a network, which many may be asking. */
const POLL_ADDRESS_MS = 1_000;
/** Of a log that nobody said where to begin in. */
const LAST = 10;

/** How far each log was printed, and how many events may still be. */
interface Progress {
  readonly next: Map<string, number>;
  left: number;
}

/** Prints events as lines, those to come as they come; Ctrl-C ends it. */
export async function runTail(
  args: readonly string[],
  io: CommandIo,
  interrupt: AbortSignal = onCtrlC(),
): Promise<number> {
  const { values, positionals } = parsed(args, {
    ...LOG_OPTIONS,
    from: { type: 'string' },
    limit: { type: 'string' },
    follow: { type: 'boolean', default: false },
  });
  const [place] = placed(positionals);
  const asked = { ...values, place, io };
  const from = values.from === undefined ? undefined : wholeNumber(values.from, '--from');
  const left = values.limit === undefined ? Infinity : wholeNumber(values.limit, '--limit');
  const progress: Progress = { next: new Map(), left };
  const pollMs = /^https?:/.test(place ?? '') ? POLL_ADDRESS_MS : POLL_MS;
  for (;;) {
    // Opened anew: an address shows one checkpoint, and a folder may have come into use.
    const code = await inEachLog(asked, (source) =>
      printNew(source, progress, { ...asked, from, interrupt }),
    );
    if (code !== EXIT.clean || !values.follow || progress.left <= 0) return code;
    await pause(pollMs, undefined, { signal: interrupt }).catch(() => undefined);
    if (interrupt.aborted) return EXIT.clean;
  }
}

async function printNew(
  source: LogSource,
  progress: Progress,
  asked: LogsAsked & { readonly from: number | undefined; readonly interrupt: AbortSignal },
): Promise<number> {
  const { service } = source;
  const head = await source.head();
  const next =
    progress.next.get(service) ?? asked.from ?? Math.max(head - Math.min(LAST, progress.left), 0);
  progress.next.set(service, next);
  for await (const { from, entries } of pagesOf(
    source,
    next,
    Math.min(head, next + progress.left),
  )) {
    for (const [index, bytes] of entries.entries()) {
      const event = shownEvent(service, decodeEntry(from + index, bytes));
      writeAnswer(asked, { value: event, lines: [eventLine(event)] });
    }
    progress.left -= entries.length;
    progress.next.set(service, from + entries.length);
    if (asked.interrupt.aborted) break;
  }
  return EXIT.clean;
}

function onCtrlC(): AbortSignal {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  return abort.signal;
}
