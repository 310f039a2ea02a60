// `npm run start:all [-- --servers]`: the four services and the gateway as five processes, on the
// ports that each has by itself. With --servers they use what `npm run servers -- start` started.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { House, PROCESSES } from './servers/house.ts';
import { settingsOfStarted } from './servers/started.ts';

const LOOK_MS = 200;
const PORTS: Readonly<Record<string, number>> = {
  gateway: 4000,
  'grid-registry': 4001,
  mediation: 4002,
  volunteers: 4003,
  inspections: 4004,
};
const tell = (line: string) => process.stderr.write(`${line}\n`);

const { values } = parseArgs({ options: { servers: { type: 'boolean', default: false } } });
const servers = values.servers ? settingsOfStarted() : {};
if (values.servers && Object.keys(servers).length === 0) {
  tell('start:all: no servers run: npm run servers -- start');
  process.exit(1);
}

const house = new House({
  dataDir: resolve(process.env['DATA_DIR'] ?? 'data'),
  ports: PORTS,
  env: servers,
  onLine: tell,
});
let isStopping = false;

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const failed = await house.stopAll();
  for (const line of failed) tell(`start:all: ended badly: ${line}`);
  process.exit(failed.length > 0 ? 1 : code);
}

process.on('SIGINT', () => void stop(0)).on('SIGTERM', () => void stop(0));
try {
  await house.startAll();
} catch (error) {
  tell(`start:all: ${error instanceof Error ? error.message : String(error)}`);
  await stop(1);
}
if (!isStopping) tell(`start:all: ${PROCESSES.length} processes are ready at ${house.url}`);
// One that ends by itself takes the others with it: half a house answers half the questions.
setInterval(() => {
  const ended = isStopping ? undefined : house.firstEnded();
  if (ended === undefined) return;
  tell(`start:all: ${ended} has ended`);
  void stop(1);
}, LOOK_MS);
