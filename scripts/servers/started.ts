import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverKinds } from './all.ts';
import { isRunning, root, type Server } from './server.ts';

const FILE = join(root, '.cache', 'servers.json');

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
  mkdirSync(join(root, '.cache'), { recursive: true });
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

/** The settings that let a process use what was started and still runs. */
export function settingsOfStarted(): Readonly<Record<string, string>> {
  const up = readStarted().filter(isUp);
  return Object.fromEntries(up.map((each) => [serverOfStarted(each).setting, each.url]));
}
