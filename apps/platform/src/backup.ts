import { takeBackup } from '#libs/backup';
import { callerPath, readSettings, reportAndExit, SystemClock } from '#libs/service';
import { optionsOf, programVersion, UsageError } from './command-line.js';

const USAGE = 'npm run backup -- --to DIR [--keys-to DIR]';
const WITHOUT_KEYS =
  'backup: signing.key and keys.db are NOT in it: without keys.db nobody can read personal data. ' +
  'Copy them apart with --keys-to, and keep such copies for days only: they undo erasures';

try {
  const given = optionsOf(USAGE, { to: { type: 'string' }, 'keys-to': { type: 'string' } });
  const { dataDir } = readSettings('platform', process.env);
  if (given.to === undefined) throw new UsageError(`--to is missing. Usage: ${USAGE}`);
  const to = callerPath(given.to, process.env);
  const keysTo = given['keys-to'] && callerPath(given['keys-to'], process.env);
  const clock = new SystemClock();
  const { services } = await takeBackup({
    dataDir,
    to,
    keysTo,
    tool: programVersion(),
    now: () => clock.now(),
    tell: (line) => console.error(line),
  });
  if (keysTo === undefined) console.error(WITHOUT_KEYS);
  const events = services.reduce((sum, { log }) => sum + (log?.size ?? 0), 0);
  const keys = keysTo === undefined ? 'without keys' : `keys in ${keysTo}`;
  console.log(`backup: ${services.length} services, ${events} events in ${to}, ${keys}`);
} catch (error) {
  reportAndExit('backup', error);
}
