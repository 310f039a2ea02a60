import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A server of our own, on this machine only. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Does to it what a failing machine would. */
  kill(signal: NodeJS.Signals): void;
}

const END_MS = 20_000;

/** Starts a program of its own, which writes to `DIR/NAME.log` and outlives whoever starts it. */
export function launch(
  { dir, name, env }: { readonly dir: string; readonly name: string; readonly env?: object },
  command: string,
  args: readonly string[],
): Promise<number> {
  mkdirSync(dir, { recursive: true });
  const log = openSync(join(dir, `${name}.log`), 'a');
  const child = spawn(command, args, {
    cwd: dir,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      writeFileSync(join(dir, `${name}.pid`), `${child.pid ?? 0}\n`);
      resolve(child.pid ?? 0);
    });
  });
}

/** A running program, to be ended by its own number; `marker` is in its command line. */
export function serverOf(url: string, pid: number, marker: string): Server {
  const kill = (signal: NodeJS.Signals): void => {
    if (isRunning(pid, marker)) process.kill(pid, signal);
  };
  const stop = async (): Promise<void> => {
    // One that is stopped hears of nothing else.
    kill('SIGCONT');
    kill('SIGTERM');
    const end = performance.now() + END_MS;
    while (isRunning(pid, marker) && performance.now() < end) await delay(50);
    kill('SIGKILL');
    while (isRunning(pid, marker) && performance.now() < end + END_MS) await delay(20);
  };
  return { url, pid, stop, kill };
}

/** Ends these servers with this program, when that is told to end before it has come to its own. */
export function endWithUs(servers: () => readonly Server[]): void {
  const end = (signal: NodeJS.Signals) => (): never => {
    for (const server of servers()) server.kill('SIGKILL');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', end('SIGINT')).once('SIGTERM', end('SIGTERM'));
}

/** Whether that number is still the program's: numbers are given again. */
export function isRunning(pid: number, marker: string): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .charAt(0);
    if (state === 'Z') return false;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker);
  } catch {
    return false;
  }
}

/** Ports of the loopback address on which nobody listens. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
  return ports;
}

export interface Awaited {
  readonly port: number;
  readonly timeoutMs: number;
  readonly isAlive: () => boolean;
  readonly logFile: string;
}

/** @throws Error with the end of its log, when it ends or does not listen in time */
export async function untilItListens({
  port,
  timeoutMs,
  isAlive,
  logFile,
}: Awaited): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (await canConnect(port)) return;
    if (!isAlive()) break;
    await delay(100);
  }
  const log = existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').slice(-15) : [];
  throw new Error(`nothing listens on port ${port}:\n${log.join('\n')}`);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const settle = (isOpen: boolean) => () => {
      socket.destroy();
      resolve(isOpen);
    };
    socket
      .once('connect', settle(true))
      .once('error', settle(false))
      .once('timeout', settle(false));
  });
}
