/** 时钟: where a service's time comes from; tests put their own in its place. */
export abstract class Clock {
  /** RFC 3339, UTC, milliseconds. */
  abstract now(): string;
}

/** Takes back what was put off; does nothing once it has run. */
export type Cancel = () => void;

/**
 * 调度: the one owner of a process's time: what the clock says, and what runs later. Nothing else
 * under `libs` and the services may ask the machine for the time or set a timer, so that a
 * simulation can own both.
 */
export abstract class Scheduler extends Clock {
  /** Milliseconds that have passed since some moment; a clock that is set does not change it. */
  abstract elapsedMs(): number;

  /** Runs `task` once, `ms` milliseconds from now; the process does not end before. */
  abstract after(ms: number, task: () => void): Cancel;

  /** The same for what nobody waits for: it keeps no process alive. */
  abstract inBackground(ms: number, task: () => void): Cancel;

  /** Runs `task` once the calls of this turn have all been made. */
  abstract soon(task: () => void): void;

  /** Runs `task` again and again in the background, `ms` milliseconds after the run before. */
  every(ms: number, task: () => void): Cancel {
    let cancel = this.inBackground(ms, again.bind(this));
    let isOver = false;
    function again(this: Scheduler): void {
      task();
      if (!isOver) cancel = this.inBackground(ms, again.bind(this));
    }
    return () => {
      isOver = true;
      cancel();
    };
  }

  /** Resolves after `ms` milliseconds, or as soon as `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.after(ms, end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }
}
