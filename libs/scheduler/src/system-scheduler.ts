import { type Cancel, Scheduler } from './scheduler.js';

/** The machine's clock and timers. */
export class SystemClock extends Scheduler {
  override now(): string {
    return new Date().toISOString();
  }

  override elapsedMs(): number {
    return performance.now();
  }

  override after(ms: number, task: () => void): Cancel {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  }

  override inBackground(ms: number, task: () => void): Cancel {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  }

  override soon(task: () => void): void {
    setImmediate(task);
  }
}

/** 步进时钟: stands still until it is moved, while timers run on; for tests and demonstrations. */
export class SteppedClock extends SystemClock {
  constructor(private time: number) {
    super();
  }

  override now(): string {
    return new Date(this.time).toISOString();
  }

  /** Moves on to `time` (milliseconds since 1970); it never goes back. */
  moveTo(time: number): void {
    this.time = Math.max(this.time, time);
  }
}
