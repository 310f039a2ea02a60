import { parseArgs } from 'node:util';
import { hasTokenKey, issueToken, openTokenKey, ROLES, SUBJECT } from '#libs/access';
import { parseAreaCode } from '#libs/contracts';
import { readSettings, reportAndExit } from '#libs/service';

const USAGE = `token --role ROLE --area CODE [--subject NAME] [--hours N]
  ROLE  ${ROLES.join(', ')}
  CODE  an area code; the token holds there and in everything under it, 0 for the whole country
  NAME  who acts, as the log will record it (default: the role)
  N     hours until it ends, 1 to 720 (default 12)`;

/** The command line is wrong: the message says how. */
class UsageError extends Error {
  readonly code = 'USAGE';
}

try {
  const { values } = parseArgs({
    options: {
      role: { type: 'string' },
      area: { type: 'string' },
      subject: { type: 'string' },
      hours: { type: 'string', default: '12' },
    },
  });
  const role = ROLES.find((known) => known === values.role);
  const area = parseAreaCode(values.area ?? '');
  const hours = Number(values.hours);
  if (role === undefined) throw new UsageError(`--role must be one of ${ROLES.join(', ')}`);
  if (area === undefined) throw new UsageError('--area must be an area code, such as 4305');
  if (!Number.isInteger(hours) || hours < 1 || hours > 720) {
    throw new UsageError('--hours must be a whole number from 1 to 720');
  }
  const subject = values.subject ?? role;
  if (!SUBJECT.test(subject)) {
    throw new UsageError('--subject must be 1 to 64 characters without blanks and colons');
  }
  const { dataDir } = readSettings('platform', process.env);
  if (!hasTokenKey(dataDir)) {
    throw new UsageError(`DATA_DIR ${dataDir} holds no platform yet: npm start makes one`);
  }
  console.log(await issueToken(openTokenKey(dataDir), { subject, role, area, hours }));
} catch (error) {
  if (error instanceof TypeError) console.error(USAGE);
  reportAndExit('token', error);
}
