/** 时钟: where a service's time comes from; tests put their own in its place. */
export abstract class Clock {
  /** RFC 3339, UTC, milliseconds. */
  abstract now(): string;
}

export class SystemClock extends Clock {
  override now(): string {
    return new Date().toISOString();
  }
}

/** 模拟时钟: stands still until it is moved; for tests and demonstrations. */
export class SteppedClock extends Clock {
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
