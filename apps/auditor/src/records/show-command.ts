import { type Answer, counted, writeAnswer } from '../answer.js';
import { LOG_OPTIONS, parsed, placed } from '../arguments.js';
import type { CommandIo } from '../command.js';
import { signedAmong } from '../evidence/signed-among.js';
import type { LogSource } from '../log-source.js';
import { eachHistory } from './each-history.js';
import { eventLines } from './event-lines.js';
import type { History } from './find-record.js';
import { shownEvent } from './shown-event.js';

/** Shows what happened to a record, who recorded it and when; sealed sections stay closed. */
export async function runShow(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parsed(args, LOG_OPTIONS);
  const [place, record = ''] = placed(positionals, ['RECORD']);
  const asked = { ...values, place, io };
  return eachHistory(asked, record, async (source, history) =>
    writeAnswer(asked, await shownHistory(source, history)),
  );
}

async function shownHistory(source: LogSource, history: History): Promise<Answer> {
  const { stream, entries, breaks } = history;
  const { service } = source;
  const signed = await signedAmong(source, entries);
  const events = entries.map((entry) => ({
    ...shownEvent(service, entry),
    signed: signed.has(entry.position),
  }));
  const lines = [
    `${stream}: ${counted(events.length, 'event')}, ${signed.size} of them signed`,
    ...events.flatMap(eventLines),
    ...breaks.map((text) => `BROKEN: ${text}`),
  ];
  return { value: { service, stream, events, breaks }, lines };
}
