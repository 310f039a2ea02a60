import { type Answer, writeAnswer } from '../answer.js';
import { LOG_OPTIONS, parsed, parsePosition, placed, timeOf, wholeNumber } from '../arguments.js';
import { auditedService } from '../audited-services.js';
import { type CommandIo, UsageError } from '../command.js';
import { signedAmong } from '../evidence/signed-among.js';
import type { LogSource } from '../log-source.js';
import { eachHistory } from './each-history.js';
import type { History } from './find-record.js';
import { rowsOfRecord } from './rows-of-record.js';
import { withSealedClosed } from './shown-event.js';

/** What had been recorded by then counts. */
interface Moment {
  /** Milliseconds since 1970-01-01T00:00:00Z, that millisecond included. */
  readonly atMs: number;
  /** The last position that counts. */
  readonly position: number;
}

/** Shows a record's rows in every view as they were at a time, or once an event was recorded. */
export async function runAsOf(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parsed(args, {
    ...LOG_OPTIONS,
    at: { type: 'string' },
    position: { type: 'string' },
  });
  const [place, record = ''] = placed(positionals, ['RECORD']);
  const service = parsePosition(values.position ?? '')?.service ?? values.service;
  const moment = readMoment(values.at, values.position);
  const asked = { ...values, place, service, io };
  return eachHistory(asked, record, async (source, history) =>
    writeAnswer(asked, await rowsAt(source, history, moment)),
  );
}

async function rowsAt(source: LogSource, history: History, moment: Moment): Promise<Answer> {
  const { service } = source;
  const { stream, entries, breaks } = history;
  const until = entries.filter(
    ({ recordedAtMs, position }) => recordedAtMs <= moment.atMs && position <= moment.position,
  );
  const signed = (await signedAmong(source, until)).size;
  // What does not follow from what came before it has no rows.
  const past = breaks.length > 0 ? [] : rowsOfRecord(auditedService(service), until);
  const rows = past.map(({ view, key, row }) => ({ view, key, row: withSealedClosed(row) }));
  const lines = [
    `${stream}: ${until.length} of ${entries.length} events were recorded by then, ${signed} of them signed`,
    ...rows.map(({ view, row }) => `  ${view}  ${JSON.stringify(row)}`),
    ...breaks.map((text) => `BROKEN: ${text}`),
  ];
  return { value: { service, stream, events: until.length, signed, rows, breaks }, lines };
}

function readMoment(at: string | undefined, position: string | undefined): Moment {
  if (at !== undefined && position === undefined) {
    return { atMs: timeOf(at, '--at'), position: Infinity };
  }
  if (at === undefined && position !== undefined) {
    const last = parsePosition(position)?.position ?? wholeNumber(position, '--position');
    return { atMs: Infinity, position: last };
  }
  throw new UsageError('name one moment: --at TIME or --position N');
}
