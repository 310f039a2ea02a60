import { parseArgs } from 'node:util';
import { loadFirstAreas } from '../../grid-registry/divisions/first-load.js';
import { progressLine } from '../../grid-registry/divisions/progress-line.js';
import { type AreaCode, levelOf, parseAreaCode } from '#libs/contracts';
import {
  makeDataDir,
  readSettings,
  reportAndExit,
  type Settings,
  SteppedClock,
  SystemClock,
} from '#libs/service';
import { Agenda } from './demo-agenda.js';
import { Chance } from './demo-chance.js';
import { planMonth } from './demo-month.js';
import { Desk } from './demo-office.js';
import { openPlatform } from './platform.js';

const USAGE = `demo [--seed N] [--township CODE] [--days N]
  fills an empty DATA_DIR with a month of invented work, through the gateway's own commands
  N     the same seed gives the same month (default 1)
  CODE  a township of the loaded areas (default 430502001)
  --days  7 to 60 (default 30), up to today`;
const DAY_MS = 86_400_000;
/** Midnight in Shanghai is 16:00 UTC of the day before. */
const SHANGHAI_MS = 8 * 3_600_000;

interface Plan {
  readonly seed: number;
  readonly township: AreaCode;
  readonly days: number;
}

/** The command line is wrong, or the folder is in use: the message says how. */
class UsageError extends Error {
  readonly code = 'USAGE';
}

try {
  const settings = { ...readSettings('platform', process.env), port: 0 };
  console.log(await demonstrate(planOf(process.argv.slice(2)), settings));
} catch (error) {
  if (error instanceof UsageError) console.error(USAGE);
  reportAndExit('demo', error);
}

async function demonstrate(plan: Plan, settings: Settings): Promise<string> {
  makeDataDir(settings.dataDir);
  const end = Date.parse(new SystemClock().now());
  const start = Math.floor((end + SHANGHAI_MS) / DAY_MS - plan.days) * DAY_MS - SHANGHAI_MS;
  const clock = new SteppedClock(start);
  const platform = await openPlatform(settings, clock);
  try {
    if (await platform.areas.hasLoaded()) {
      throw new UsageError(`DATA_DIR ${settings.dataDir} holds work already: name an empty folder`);
    }
    await loadFirstAreas(platform.areas, process.stderr);
    const url = await platform.listen();
    const agenda = new Agenda(clock, end);
    const desk = (subject: string, role: 'supervisor' | 'inspector') =>
      Desk.of({ url, key: platform.tokenKey }, { subject, role, area: plan.township });
    planMonth({
      code: plan.township,
      supervisor: await desk('demo-supervisor', 'supervisor'),
      inspectors: [
        await desk('demo-inspector-1', 'inspector'),
        await desk('demo-inspector-2', 'inspector'),
      ],
      agenda,
      chance: new Chance(plan.seed),
      start,
      days: plan.days,
    });
    const progress = progressLine(process.stderr, `demo ${plan.township}`);
    try {
      await agenda.run(async (done, known) => {
        // What the services owe each other belongs to the same moment.
        await platform.settled();
        progress.update(done, known);
      });
    } finally {
      progress.end();
    }
    const heads = await Promise.all(
      platform.logs.map(async (log) => `${log.origin} ${await log.head()}`),
    );
    return `demo ${plan.township}, seed ${plan.seed}, ${plan.days} days: events ${heads.join(', ')}`;
  } finally {
    await platform.close();
  }
}

function planOf(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      township: { type: 'string', default: '430502001' },
      days: { type: 'string', default: '30' },
    },
  });
  const [seed, days] = [Number(values.seed), Number(values.days)];
  const township = parseAreaCode(values.township);
  if (!Number.isInteger(seed)) throw new UsageError('--seed must be a whole number');
  if (!Number.isInteger(days) || days < 7 || days > 60) {
    throw new UsageError('--days must be a whole number from 7 to 60');
  }
  if (township === undefined || levelOf(township) !== 'TOWNSHIP') {
    throw new UsageError('--township must be the code of a township, 9 digits');
  }
  return { seed, township, days };
}
