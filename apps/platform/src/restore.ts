import { putBack } from '#libs/backup';
import { callerPath, makeDataDir, readSettings, reportAndExit } from '#libs/service';
import { optionsOf, UsageError } from './command-line.js';

const USAGE = 'npm run restore -- --from DIR [--keys-from DIR] [--service SERVICE]';

try {
  const given = optionsOf(USAGE, {
    from: { type: 'string' },
    'keys-from': { type: 'string' },
    service: { type: 'string' },
  });
  const { dataDir, installation } = readSettings('platform', process.env);
  if (given.from === undefined) throw new UsageError(`--from is missing. Usage: ${USAGE}`);
  makeDataDir(dataDir);
  const { at, services } = await putBack({
    from: callerPath(given.from, process.env),
    keysFrom: given['keys-from'] && callerPath(given['keys-from'], process.env),
    dataDir,
    service: given.service,
    tell: (line) => console.error(line),
  });
  for (const { service, log } of services) {
    if (log === undefined || log.origin.startsWith(`${installation}/${service}`)) continue;
    console.error(`${service}: is the log of ${log.origin}: start it with that INSTALLATION`);
  }
  console.error(
    `restore: a service that has run after ${at} has signed more than this. Declare what is lost ` +
      'before its next start: npm run recover -- --service SERVICE --reason TEXT --against NOTE-FILE',
  );
  const events = services.reduce((sum, { log }) => sum + (log?.size ?? 0), 0);
  console.log(`restore: ${services.length} services, ${events} events in ${dataDir}`);
} catch (error) {
  reportAndExit('restore', error);
}
