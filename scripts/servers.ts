// `npm run servers -- start [--dir FOLDER] [--secure] | stop | status`: the servers that separate processes
// use, on this machine only. `start` prints the settings that point at them; with --secure, Kafka
// wants TLS, and each service to sign in.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serverKinds } from './servers/all.ts';
import {
  isSecured,
  isUp,
  readStarted,
  serverOfStarted,
  settingsOf,
  type Started,
  usersFile,
  writeStarted,
} from './servers/started.ts';
import { LeftOut } from './servers/left-out.ts';

const USAGE = 'npm run servers -- start [--dir FOLDER] [--secure] | stop | status';
const tell = (line: string) => process.stderr.write(`servers: ${line}\n`);

const { values, positionals } = given();
const [work = '', ...more] = positionals;
const works = new Map([
  ['start', start],
  ['stop', stop],
  ['status', status],
]);
const chosen = more.length === 0 ? works.get(work) : undefined;
if (chosen === undefined) {
  tell(USAGE);
  process.exitCode = 1;
} else {
  await chosen();
}

function given() {
  try {
    const secure = { type: 'boolean', default: false } as const;
    return parseArgs({ allowPositionals: true, options: { dir: { type: 'string' }, secure } });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence = ''] = error.message.split('.', 1);
    tell(`${sentence}. Usage: ${USAGE}`);
    process.exit(1);
  }
}

async function start(): Promise<void> {
  const before = readStarted().filter(isUp);
  const kafka = before.find(({ name }) => name === 'kafka');
  if (kafka !== undefined && isSecured(kafka) !== values.secure) {
    const how = values.secure ? 'without a sign-in' : 'with a sign-in (--secure)';
    tell(`kafka runs already, ${how}; end it first: npm run servers -- stop`);
    process.exitCode = 1;
    return;
  }
  const dir = folder();
  const all: Started[] = [...before];
  for (const { name, start: launch } of serverKinds) {
    if (before.some((each) => each.name === name)) continue;
    try {
      const { url, pid } = await launch({ dir: join(dir, name), isSecure: values.secure });
      all.push({ name, url, pid, dir: join(dir, name) });
      writeStarted(all);
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error;
      process.stdout.write(`left out: ${error.message}\n`);
      if (process.env['REQUIRE_SERVERS'] === '1') process.exitCode = 1;
    }
  }
  for (const each of all) tell(`${each.name} runs as process ${each.pid}, its data in ${each.dir}`);
  for (const each of all) {
    for (const [setting, value] of Object.entries(settingsOf(each))) {
      process.stdout.write(`${setting}=${value}\n`);
    }
    if (!isSecured(each)) continue;
    tell(`BUS_USER is a service's name, its BUS_PASSWORD stands in ${usersFile(each)}`);
  }
}

function folder(): string {
  if (values.dir === undefined) return mkdtempSync(join(tmpdir(), 'fengqiao-servers-'));
  const dir = resolve(process.env['INIT_CWD'] ?? '.', values.dir);
  mkdirSync(dir, { recursive: true });
  return dir;
}

async function stop(): Promise<void> {
  for (const each of readStarted().toReversed()) {
    if (!isUp(each)) continue;
    await serverOfStarted(each).server.stop();
    tell(`${each.name} has ended; its data is kept in ${each.dir}`);
  }
  writeStarted([]);
}

async function status(): Promise<void> {
  const all = readStarted();
  if (all.length === 0) process.stdout.write('no servers were started\n');
  for (const each of all) {
    const state = isUp(each) ? `runs as process ${each.pid}` : 'has ended';
    process.stdout.write(`${each.name} ${state}: ${each.url}\n`);
  }
}
