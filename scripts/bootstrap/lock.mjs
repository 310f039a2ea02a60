import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRoot } from './paths.mjs';
import { Stop, say } from './say.mjs';
import { stopCode } from './processes.mjs';

const lockFile = inRoot('.cache', 'bootstrap.lock');
const retryMs = 200;
const waitMs = 10 * 60_000;

/**
 * Lets one process at a time install or build: `npm start` in one terminal and `npm test` in the
 * next must not write the same files. The lock of a process that is gone counts for nothing.
 */
export async function alone(work) {
  mkdirSync(inRoot('.cache'), { recursive: true });
  const end = performance.now() + waitMs;
  for (let said = false; !take(); said = true) {
    const holder = readHolder();
    if (holder !== undefined && !isAlive(holder)) rmSync(lockFile, { force: true });
    else if (!said) say(`waiting: process ${holder ?? 'unknown'} installs or builds here`);
    if (performance.now() > end) throw new Stop(`another run still holds ${lockFile}`);
    await sleep(retryMs);
    if (stopCode()) throw new Stop('stopped while waiting');
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function take() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined in the moment between the making of the file and its text, or once it is gone. */
function readHolder() {
  try {
    return Number(readFileSync(lockFile, 'utf8')) || undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** In a container the numbers start again each time: a lock with our own number is an old one. */
function isAlive(pid) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
