import { parseArgs } from 'node:util';
import { hasTokenKey, openTokenKey } from '#libs/access';
import { readSettings, reportAndExit, SystemClock } from '#libs/service';
import { type Account, type GivenAccount, openSignIn } from '#libs/sign-in';
import { UsageError } from './command-line.js';

const USAGE = `accounts -- add NAME | list [--json] | disable NAME | reset NAME
  add      makes an account and prints its id and its first password
  list     all accounts: id, name, state
  disable  ends the sessions of an account and lets it in no more
  reset    gives it another first password, ends its sessions, lets it in again
  NAME     what the person types to sign in, or the account's id`;

const WORKS = ['add', 'list', 'disable', 'reset'] as const;

try {
  const { work, name, asJson } = commandIn();
  const { dataDir, signIn: settings } = readSettings('platform', process.env);
  if (!hasTokenKey(dataDir)) {
    throw new UsageError(`DATA_DIR ${dataDir} holds no platform yet: npm start makes one`);
  }
  const clock = new SystemClock();
  const key = openTokenKey(dataDir);
  const signIn = openSignIn({ dataDir, key, clock, terms: settings.terms });
  const { accounts, desk } = signIn;
  try {
    if (work === 'add') console.log(given(await accounts.add(name, desk.nowMs())));
    else if (work === 'reset') console.log(given(await accounts.reset(name, desk.nowMs())));
    else if (work === 'disable') console.log(line(accounts.disable(name, desk.nowMs())));
    else if (asJson) console.log(JSON.stringify(accounts.list(), undefined, 2));
    else console.log(accounts.list().map(line).join('\n') || 'no account');
  } finally {
    signIn.close();
  }
} catch (error) {
  reportAndExit('accounts', error);
}

function commandIn() {
  const { values, positionals } = readArguments();
  const [named, name = ''] = positionals;
  const work = WORKS.find((known) => known === named);
  const isWhole = positionals.length === (work === 'list' ? 1 : 2);
  if (work === undefined || !isWhole || (values.json && work !== 'list')) {
    throw new UsageError(`say add, list, disable or reset. Usage:\n${USAGE}`);
  }
  return { work, name, asJson: values.json };
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}. Usage:\n${USAGE}`, { cause: error });
  }
}

function given({ account, password }: GivenAccount): string {
  const until = new Date(account.givenUntilMs ?? 0).toISOString();
  return `${line(account)}\npassword ${password} (once, to be changed before ${until})`;
}

function line({ id, name, kind, isDisabled, givenUntilMs }: Account): string {
  const isOwn = givenUntilMs === undefined ? 'active' : 'has not signed in yet';
  return [id, name, kind, isDisabled ? 'disabled' : isOwn].join('  ');
}
