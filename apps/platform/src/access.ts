import { parseArgs } from 'node:util';
import { ACTION_LIST, hasTokenKey, policyPage } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { readSettings, reportAndExit } from '#libs/service';
import { type Question, reasonLines, reasonsFor } from './access-why.js';
import { UsageError } from './command-line.js';

const USAGE = `access -- table
access -- why --account ID --action ACTION --area CODE [--json]
  ID      of the account, as appointHolder was told it and accounts -- list shows it
  ACTION  as the table names it, such as dispute.read
  CODE    an area code, such as 430502001`;

try {
  const { values, positionals } = readArguments();
  const [work] = positionals;
  if (work === 'table' && positionals.length === 1) process.stdout.write(`${policyPage()}\n`);
  else if (work === 'why' && positionals.length === 1)
    await tellWhy(questionIn(values), values.json);
  else throw new UsageError(`table or why must be said. Usage:\n${USAGE}`);
} catch (error) {
  reportAndExit('access', error);
}

/** The exit code is 1 when any service says no. */
async function tellWhy(question: Question, asJson: boolean): Promise<void> {
  const { dataDir } = readSettings('platform', process.env);
  if (!hasTokenKey(dataDir)) {
    throw new UsageError(`DATA_DIR ${dataDir} holds no platform yet: npm start makes one`);
  }
  const reasons = await reasonsFor(dataDir, question);
  const text = asJson ? JSON.stringify(reasons, undefined, 2) : reasonLines(reasons).join('\n');
  process.stdout.write(`${text}\n`);
  if (reasons.some(({ answer }) => answer === 'no')) process.exitCode = 1;
}

function questionIn(values: {
  readonly account?: string | undefined;
  readonly action?: string | undefined;
  readonly area?: string | undefined;
}): Question {
  const action = ACTION_LIST.find((known) => known === values.action);
  const area = parseAreaCode(values.area ?? '');
  if (values.account === undefined) throw new UsageError('--account is missing: whose rights?');
  if (action === undefined) {
    throw new UsageError(`--action must be one of ${ACTION_LIST.join(', ')}`);
  }
  if (area === undefined) throw new UsageError('--area must be an area code, such as 430502001');
  return { account: values.account, action, area };
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        account: { type: 'string' },
        action: { type: 'string' },
        area: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}. Usage:\n${USAGE}`, { cause: error });
  }
}
