import { parseArgs } from 'node:util';
import { readSettings, reportAndExit } from '#libs/service';
import { UsageError } from './command-line.js';
import { askPlatform, type OpsAnswer } from './ops-client.js';
import { parkedLines, retriedLines, switchedLines, viewsLines } from './ops-lines.js';

const USAGE = `ops -- parked list  [WHICH] [--json]
ops -- parked retry [WHICH] [--json]
ops -- parked skip  WHICH --reason TEXT [--json]
ops -- views list [--service NAME] [--json]
ops -- views rebuild --service NAME [--json]
ops -- views back    --service NAME [--json]
  WHICH   --id ID, or any of --service NAME, --handler NAME, --stream NAME; without it: all.
          A skip must mean exactly one.
  --reason  why it is passed over, at most 500 characters. It is recorded in the log for good:
            no personal data belongs there.
  --as NAME  who acts, as the log will record it (default: operator)
  --url URL  where the platform answers (default: from HOST and PORT)`;

const SAID = ['parked list', 'parked retry', 'parked skip', 'views list', 'views rebuild'] as const;
const WORKS = [...SAID, 'views back'] as const;

try {
  const { values, positionals } = readArguments();
  const work = WORKS.find((known) => known === positionals.join(' '));
  if (work === undefined) {
    throw new UsageError(`${SAID.join(', ')} or views back must be said. Usage:\n${USAGE}`);
  }
  assertFits(work, values);
  const { id, service, handler, stream, reason, as, url, json } = values;
  const settings = readSettings('platform', process.env);
  const path = work.replace(' ', '/') as `${'parked' | 'views'}/${string}`;
  const asked = { id, service, handler, stream, reason };
  const answer = await askPlatform({ settings, url, subject: as }, path, asked);
  if (json) console.log(JSON.stringify(answer, undefined, 2));
  else console.log(linesOf(work, answer).join('\n'));
  const outcomes = [...(answer.retried ?? []), answer.skipped];
  if (outcomes.some((outcome) => outcome?.failure !== undefined)) process.exitCode = 1;
} catch (error) {
  reportAndExit('ops', error);
}

type Work = (typeof WORKS)[number];

function linesOf(work: Work, answer: OpsAnswer): readonly string[] {
  if (work === 'parked list') return parkedLines(answer);
  if (work === 'views list') return viewsLines(answer);
  return work.startsWith('views') ? switchedLines(answer) : retriedLines(answer);
}

function assertFits(work: Work, { reason, ...which }: ReturnType<typeof readArguments>['values']) {
  if (work === 'parked skip' && (reason ?? '').trim() === '') {
    throw new UsageError('--reason is missing: why is it passed over? No personal data in it');
  }
  if (work !== 'parked skip' && reason !== undefined) {
    throw new UsageError('--reason belongs to a skip only');
  }
  if (!work.startsWith('views')) return;
  if ([which.id, which.handler, which.stream].some((given) => given !== undefined)) {
    throw new UsageError('of views only --service can be said');
  }
  if (work !== 'views list' && which.service === undefined) {
    throw new UsageError('--service is missing: whose views?');
  }
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
