import { readFileSync } from 'node:fs';
import { recover } from '#libs/backup';
import { callerPath, readSettings, reportAndExit, SystemClock } from '#libs/service';
import { optionsOf, UsageError } from './command-line.js';

const USAGE =
  'npm run recover -- --service SERVICE --reason TEXT [--against NOTE-FILE] [--new-key]';
const REASON_MAX = 2000;

try {
  const given = optionsOf(USAGE, {
    service: { type: 'string' },
    reason: { type: 'string' },
    against: { type: 'string' },
    'new-key': { type: 'boolean' },
  });
  const { dataDir, installation } = readSettings('platform', process.env);
  const { service = '', reason = '', against } = given;
  if (service === '') throw new UsageError(`--service is missing. Usage: ${USAGE}`);
  if (reason.trim() === '' || reason.length > REASON_MAX) {
    throw new UsageError(
      `--reason must say why, in 1 to ${REASON_MAX} characters. Usage: ${USAGE}`,
    );
  }
  const clock = new SystemClock();
  const { origin, size } = await recover({
    dataDir,
    service,
    name: `${installation}/${service}`,
    reason,
    against: against && readNote(callerPath(against, process.env)),
    newKey: given['new-key'] === true,
    now: () => clock.now(),
    tell: (line) => console.error(line),
  });
  console.log(`recover: ${service} goes on after ${size} events as ${origin}`);
} catch (error) {
  reportAndExit('recover', error);
}

function readNote(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`--against ${path} cannot be read: name a file with a signed note`, {
      cause,
    });
  }
}
