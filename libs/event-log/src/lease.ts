import { join } from 'node:path';
import { DataDirInUse } from './faults.js';
import { lockFile } from './sqlite-lock.js';

/** Beats between two tries to take over from a process that has ended. */
const PATIENCE = 20;

/** 租约: of the processes that write one log, one indexes and signs it. */
export interface Lease {
  readonly isHeld: boolean;
  /** Takes the lease over when nobody holds it, and says so; most calls only count the time. */
  tryToHold(): boolean;
  release(): void;
}

/**
 * A lease that the operating system ends with its process: unlike one that runs out, it can never
 * be held by two, however long one of them was asleep.
 */
export function openLease(dir: string): Lease {
  const path = join(dir, 'lease.db');
  let release = tryToLock(path);
  let beats = 0;
  return {
    get isHeld() {
      return release !== undefined;
    },
    tryToHold: () => {
      if (release !== undefined) return false;
      beats += 1;
      if (beats % PATIENCE === 0) release = tryToLock(path);
      return release !== undefined;
    },
    release: () => {
      release?.();
      release = undefined;
    },
  };
}

function tryToLock(path: string): (() => void) | undefined {
  try {
    return lockFile(path);
  } catch (error) {
    if (error instanceof DataDirInUse) return undefined;
    throw error;
  }
}
