import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { serverKinds } from './all.ts';
import { isRunning, root, type Server } from './server.ts';

/** What was started is remembered beside the project, or where a test says. */
const FILE = process.env['SERVERS_FILE'] ?? join(root, '.cache', 'servers.json');

/** A server that `npm run servers -- start` has started. */
export interface Started {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly dir: string;
}

export function readStarted(): readonly Started[] {
  if (!existsSync(FILE)) return [];
  return JSON.parse(readFileSync(FILE, 'utf8')) as readonly Started[];
}

export function writeStarted(all: readonly Started[]): void {
  mkdirSync(dirname(FILE), { recursive: true });
  if (all.length === 0) rmSync(FILE, { force: true });
  else writeFileSync(FILE, `${JSON.stringify(all, undefined, 2)}\n`);
}

export function isUp({ pid, dir }: Started): boolean {
  return isRunning(pid, dir);
}

/** What takes the server's address, and the server itself. */
export function serverOfStarted({ name, url, pid }: Started): {
  readonly setting: string;
  readonly server: Server;
} {
  const kind = serverKinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`${name} is no server of this version`);
  return { setting: kind.setting, server: kind.at(url, pid) };
}

type Env = Readonly<Record<string, string>>;

/** The settings that let a process use what was started and still runs. */
export function settingsOfStarted(): Env {
  return Object.assign({}, ...readStarted().filter(isUp).map(settingsOf)) as Env;
}

/** The settings that point at one server, which all processes have in common. */
export function settingsOf(started: Started): Env {
  const { url, dir } = started;
  const at = { [serverOfStarted(started).setting]: url };
  return isSecured(started) ? { ...at, BUS_CA: join(dir, 'ca.crt') } : at;
}

/** By what a service signs in to what was started, if it has to. */
export function signInOf(service: string): Env {
  const secured = readStarted().find((each) => isUp(each) && isSecured(each));
  if (secured === undefined) return {};
  const users = JSON.parse(readFileSync(usersFile(secured), 'utf8')) as Env;
  const password = users[service];
  return password === undefined ? {} : { BUS_USER: service, BUS_PASSWORD: password };
}

/** Where the passwords lie of a server that wants a sign-in. */
export function usersFile({ dir }: Started): string {
  return join(dir, 'users.json');
}

export function isSecured({ name, url }: Started): boolean {
  return name === 'kafka' && url.startsWith('kafka+tls:');
}
