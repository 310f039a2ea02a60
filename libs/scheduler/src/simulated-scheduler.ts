import { type Cancel, Scheduler } from './scheduler.js';

interface Put {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/**
 * 模拟调度: time that passes only when somebody lets it. What is put off runs in the order of its
 * time; what falls due at once runs in the order that `chance` gives it, the same for the same
 * chance. Its clock may be set, like a machine's; what is put off goes by the time that passes.
 */
export class SimulatedScheduler extends Scheduler {
  private elapsed = 0;
  private readonly queue = new Set<Put>();

  /**
   * @param startMs milliseconds since 1970 that the clock shows at first
   * @param chance from 0 to below 1, a different one each time
   */
  constructor(
    private startMs: number,
    private readonly chance: () => number,
  ) {
    super();
  }

  override now(): string {
    return new Date(this.startMs + this.elapsed).toISOString();
  }

  override elapsedMs(): number {
    return this.elapsed;
  }

  override after(ms: number, task: () => void): Cancel {
    const put = { at: this.elapsed + Math.max(ms, 0), order: this.chance(), task };
    this.queue.add(put);
    return () => void this.queue.delete(put);
  }

  override inBackground(ms: number, task: () => void): Cancel {
    return this.after(ms, task);
  }

  override soon(task: () => void): void {
    this.after(0, task);
  }

  /** Sets the clock `ms` milliseconds on, or back; nothing that waits is touched. */
  setClock(ms: number): void {
    this.startMs += ms;
  }

  /** Forgets all that waits, like a process that ends. */
  clear(): void {
    this.queue.clear();
  }

  /**
   * Lets `ms` milliseconds pass: runs what falls due, one after the other, each to where it waits
   * for something that is itself put off.
   *
   * @param stop asked after each run; true ends it early
   */
  async pass(ms: number, stop: () => boolean = () => false): Promise<void> {
    const until = this.elapsed + ms;
    await settled();
    for (let next = this.next(until); next !== undefined; next = this.next(until)) {
      this.queue.delete(next);
      this.elapsed = next.at;
      next.task();
      await settled();
      if (stop()) return;
    }
    this.elapsed = until;
  }

  private next(until: number): Put | undefined {
    let first: Put | undefined;
    for (const put of this.queue) {
      if (put.at > until) continue;
      if (first === undefined || put.at < first.at) first = put;
      else if (put.at === first.at && put.order < first.order) first = put;
    }
    return first;
  }
}

/** After it, every promise that could go on without time has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
