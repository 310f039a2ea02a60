// `npm run start:all [-- --servers] [--port N]`: the four services and the gateway as five
// processes, on port N (4000) and the four after it; with 0 on any that are free. With --servers
// they use what `npm run servers -- start` started.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { House, PROCESSES } from './servers/house.ts';
import { freePorts } from './servers/server.ts';
import { settingsOfStarted, signInOf } from './servers/started.ts';

const LOOK_MS = 200;
/** The ports that each has by itself. */
const ORDER = ['gateway', 'grid-registry', 'mediation', 'volunteers', 'inspections'];
const tell = (line: string) => process.stderr.write(`${line}\n`);

const values = given();
if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65531) {
  tell('start:all: --port must be a port from 0 to 65531');
  process.exit(1);
}
const servers = values.servers ? settingsOfStarted() : {};
if (values.servers && Object.keys(servers).length === 0) {
  tell('start:all: no servers run: npm run servers -- start');
  process.exit(1);
}

const house = new House({
  dataDir: resolve(process.env['DATA_DIR'] ?? 'data'),
  ports: await portsFrom(Number(values.port)),
  env: servers,
  ...(values.servers && { envOf: signInOf }),
  onLine: tell,
});
let isStopping = false;

function given() {
  try {
    const port = { type: 'string', default: '4000' } as const;
    const servers = { type: 'boolean', default: false } as const;
    return parseArgs({ options: { servers, port } }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence = ''] = error.message.split('.', 1);
    tell(`start:all: ${sentence}. Usage: npm run start:all -- [--servers] [--port N]`);
    process.exit(1);
  }
}

async function portsFrom(first: number): Promise<Readonly<Record<string, number>>> {
  const free = first === 0 ? await freePorts(ORDER.length) : ORDER.map((_, index) => first + index);
  return Object.fromEntries(ORDER.map((name, index) => [name, free[index] ?? 0]));
}

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
