import { inspect } from 'node:util';
import { SystemClock } from '#libs/scheduler';
import { checkAddress } from './check-address.js';
import { makeDataDir } from './data-dir.js';
import type { ProcessName } from './setting.js';
import { readSettings, type Settings } from './settings.js';

/** Long enough to finish the commands in hand, short enough for a supervisor's patience. */
const DRAIN_MS = 10_000;

export interface Running {
  close(): Promise<void>;
}

/**
 * Runs one process from its settings until it is told to stop by Ctrl-C or SIGTERM. What a person can mend (a setting, a folder in use) is one line.
 */
export async function runProcess(
  name: ProcessName,
  start: (settings: Settings) => Promise<Running>,
): Promise<void> {
  // Before it has started there is nothing to drain: what is committed is durable already.
  const giveUp = (): never => process.exit(130);
  process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
  try {
    const settings = readSettings(name, process.env);
    if (settings.logFormat === 'json') await writeJson(name);
    makeDataDir(settings.dataDir);
    await checkAddress(settings.port, settings.host);
    const running = await start(settings);
    process.off('SIGINT', giveUp).off('SIGTERM', giveUp);
    stopWhenTold(running);
  } catch (error) {
    reportAndExit(name, error);
  }
}

/** Loaded where it is asked for: nobody else waits for it at the start. */
async function writeJson(name: ProcessName): Promise<void> {
  const { writeJsonLines } = await import('./json-lines.js');
  writeJsonLines(name, process.stderr);
}

function stopWhenTold(running: Running): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    new SystemClock().inBackground(DRAIN_MS, () => process.exit(1));
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${inspect(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

/** A fault with a code is the operator's to mend; anything else is ours, and keeps its stack. */
export function reportAndExit(name: string, error: unknown): never {
  const known = error instanceof Error && 'code' in error;
  process.stderr.write(`${known ? `${name}: ${oneLine(error)}` : inspect(error)}\n`);
  process.exit(1);
}

/** Which setting a fault of the operating system is about. */
const SETTING_OF: Readonly<Record<string, string>> = {
  EADDRINUSE: 'PORT',
  EADDRNOTAVAIL: 'HOST',
  ENOTFOUND: 'HOST',
  EAI_AGAIN: 'HOST',
};
const FOLDER_FAULTS: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EEXIST',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

function oneLine({ code, message }: Error & { code?: unknown }): string {
  // How a command is written is laid out in lines, for a person who has just typed it.
  const told = code === 'USAGE' ? message : message.replaceAll('\n', ' ');
  const setting = SETTING_OF[String(code)] ?? (FOLDER_FAULTS.has(code) ? 'DATA_DIR' : undefined);
  if (code === 'EADDRINUSE') return `PORT: ${told}; stop what listens there or set another PORT`;
  return setting === undefined ? told : `${setting}: ${told}`;
}
