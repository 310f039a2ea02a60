import { parseArgs } from 'node:util';
import { loadDivisions } from '../../grid-registry/divisions/load-divisions.js';
import { AreaService } from '../../grid-registry/src/area.service.js';
import { gridRegistry } from '../../grid-registry/src/grid-registry.module.js';
import { openTokenKey } from '#libs/access';
import { type AreaCode, COUNTRY, levelOf, parseAreaCode } from '#libs/contracts';
import { EventBus } from '#libs/event-bus';
import {
  closeRooms,
  makeDataDir,
  openRoom,
  readSettings,
  reportAndExit,
  SystemClock,
} from '#libs/service';

const USAGE = 'areas load --root CODE   (a code of 2, 4, 6, 9 or 12 digits, 0 for the country)';

/** The command line is wrong: the message says how. */
class UsageError extends Error {
  readonly code = 'USAGE';
}

try {
  const root = rootOf(process.argv.slice(2));
  const { dataDir, installation } = readSettings('platform', process.env);
  makeDataDir(dataDir);
  const host = { dataDir, clock: new SystemClock(), installation, bus: new EventBus() };
  const registry = await openRoom(gridRegistry({ ...host, tokenKey: openTokenKey(dataDir) }));
  try {
    console.log(await loadDivisions(registry.get(AreaService), root, process.stderr));
  } finally {
    await closeRooms([registry]);
  }
} catch (error) {
  reportAndExit('areas', error);
}

function rootOf(args: readonly string[]): AreaCode {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { root: { type: 'string' } },
    allowPositionals: true,
  });
  const root = parseAreaCode(values.root ?? '');
  if (positionals.length !== 1 || positionals[0] !== 'load' || values.root === undefined) {
    throw new UsageError(`usage: ${USAGE}`);
  }
  if (root === undefined || (root !== COUNTRY && levelOf(root) === 'GRID')) {
    throw new UsageError(`--root ${values.root} is no code of a division; usage: ${USAGE}`);
  }
  return root;
}
