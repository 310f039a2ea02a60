import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { inRoot, root } from './paths.mjs';

/** A service drains within 10 s; what is still there after this is killed. */
const graceMs = 15_000;
const keptOutput = 64 * 1024;
const parentCheckMs = 500;

const children = new Set();
let stoppedBy;

/** The exit code of a run that a signal has ended, or undefined while none has come. */
export function stopCode() {
  return stoppedBy && 128 + constants.signals[stoppedBy];
}

/**
 * Passes the end on to every child. Ctrl-C reaches the children too, npm repeats it, and so a child
 * may be told more than once: its first signal counts.
 */
function stop(signal) {
  if (stoppedBy) return;
  stoppedBy = signal;
  for (const child of children) child.kill('SIGTERM');
  setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), graceMs).unref();
}

export function watchForTheEnd() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(signal));
  // A killed npm cannot pass anything on; without this its platform would keep the port.
  const parent = process.ppid;
  const parentIsGone = () => process.ppid !== parent && stop('SIGTERM');
  if (process.env.npm_lifecycle_event) setInterval(parentIsGone, parentCheckMs).unref();
}

/** What a program sees: the project's Node and tools first, and a cache that shortens its start. */
function environment(node, extra) {
  const path = [dirname(node), inRoot('node_modules', '.bin'), process.env.PATH];
  return {
    ...process.env,
    PATH: path.filter(Boolean).join(delimiter),
    NODE_COMPILE_CACHE: inRoot('node_modules', '.cache', 'fengqiao-compile'),
    ...extra,
  };
}

/**
 * Runs a Node program to its end and answers its exit code (128 + number for a signal) and, unless
 * `stdio` shows it, the last 64 KiB of what it printed. `limitMs` bounds the wait.
 */
export function runNode(node, args, { stdio = ['ignore', 'pipe', 'pipe'], env, limitMs } = {}) {
  const guard = new URL('./parent.mjs', import.meta.url).href;
  const child = spawn(node, ['--import', guard, ...args], {
    cwd: root,
    env: environment(node, env),
    stdio: [...stdio, 'ipc'],
  });
  children.add(child);
  if (stoppedBy) child.kill('SIGTERM');
  const limit = limitMs && setTimeout(() => child.kill('SIGKILL'), limitMs);

  let output = '';
  const keep = (text) => (output = (output + text).slice(-keptOutput));
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', keep);

  return new Promise((resolve, reject) => {
    const settle = (answer) => {
      clearTimeout(limit);
      children.delete(child);
      answer();
    };
    child.once('error', (error) => settle(() => reject(error)));
    // Captured output may still be on its way at 'exit'; without any, waiting longer is idle.
    child.once(child.stdout ? 'close' : 'exit', (code, signal) =>
      settle(() => resolve({ code: code ?? 128 + constants.signals[signal], output })),
    );
  });
}
