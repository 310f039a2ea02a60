import { parseArgs } from 'node:util';
import { readSettings, reportAndExit } from '#libs/service';
import { UsageError } from './command-line.js';
import { askPlatform } from './ops-client.js';
import { parkedLines, retriedLines } from './ops-lines.js';

const USAGE = `ops -- parked list  [WHICH] [--json]
ops -- parked retry [WHICH] [--json]
ops -- parked skip  WHICH --reason TEXT [--json]
  WHICH   --id ID, or any of --service NAME, --handler NAME, --stream NAME; without it: all.
          A skip must mean exactly one.
  --reason  why it is passed over, at most 500 characters. It is recorded in the log for good:
            no personal data belongs there.
  --as NAME  who acts, as the log will record it (default: operator)
  --url URL  where the platform answers (default: from HOST and PORT)`;

const WORKS = ['list', 'retry', 'skip'] as const;

try {
  const { values, positionals } = readArguments();
  const [thing, named] = positionals;
  const work = WORKS.find((known) => known === named);
  if (thing !== 'parked' || work === undefined || positionals.length > 2) {
    throw new UsageError(`parked list, parked retry or parked skip must be said. Usage:\n${USAGE}`);
  }
  if (work === 'skip' && (values.reason ?? '').trim() === '') {
    throw new UsageError('--reason is missing: why is it passed over? No personal data in it');
  }
  if (work !== 'skip' && values.reason !== undefined) {
    throw new UsageError('--reason belongs to a skip only');
  }
  const { id, service, handler, stream, reason, as, url, json } = values;
  const settings = readSettings('platform', process.env);
  const answer = await askPlatform({ settings, url, subject: as }, work, {
    id,
    service,
    handler,
    stream,
    reason,
  });
  if (json) console.log(JSON.stringify(answer, undefined, 2));
  else console.log((work === 'list' ? parkedLines(answer) : retriedLines(answer)).join('\n'));
  const outcomes = [...(answer.retried ?? []), answer.skipped];
  if (outcomes.some((outcome) => outcome?.failure !== undefined)) process.exitCode = 1;
} catch (error) {
  reportAndExit('ops', error);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        id: { type: 'string' },
        service: { type: 'string' },
        handler: { type: 'string' },
        stream: { type: 'string' },
        reason: { type: 'string' },
        as: { type: 'string', default: 'operator' },
        url: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}. Usage:\n${USAGE}`, { cause: error });
  }
}
