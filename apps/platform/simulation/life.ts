import { type Cancel, Scheduler } from '#libs/scheduler';
import type { Weather } from './weather.js';

/** The process ended in the middle of this; nobody is there any more to hear of it. */
export class PowerGone extends Error {
  readonly code = 'POWER_GONE';
}

/** What a process that has ended would have gone on with. */
export function never<Outcome>(): Promise<Outcome> {
  return new Promise(() => undefined);
}

/** A process's part of the one scheduler: what it has put off ends with it. */
class LifeScheduler extends Scheduler {
  constructor(
    private readonly owner: Scheduler,
    private readonly isOver: () => boolean,
  ) {
    super();
  }

  override now(): string {
    return this.owner.now();
  }

  override elapsedMs(): number {
    return this.owner.elapsedMs();
  }

  override after(ms: number, task: () => void): Cancel {
    return this.owner.after(ms, () => {
      if (!this.isOver()) task();
    });
  }

  override inBackground(ms: number, task: () => void): Cancel {
    return this.after(ms, task);
  }

  override soon(task: () => void): void {
    this.after(0, task);
  }
}

/**
 * 一世: a process from its start until it crashes. All that it reads and writes goes through here,
 * so that it can end between any two writes and nothing of it goes on.
 */
export class Life {
  isOver = false;
  /** While it starts, nothing takes time: what Nest waits for is not ours to simulate. */
  isStarting = true;
  /** Resolves when it ends. */
  readonly cut: Promise<'cut'>;
  readonly scheduler: Scheduler;
  private tellCut: () => void = () => undefined;

  /** @param onEnd hears at which write it ended */
  constructor(
    owner: Scheduler,
    readonly weather: Weather,
    private readonly onEnd: (where: string) => void,
  ) {
    this.cut = new Promise((resolve) => (this.tellCut = () => resolve('cut')));
    this.scheduler = new LifeScheduler(owner, () => this.isOver);
  }

  end(where: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onEnd(where);
    this.tellCut();
  }

  async reads<Answer>(read: () => Promise<Answer>): Promise<Answer> {
    await this.waits();
    if (this.isOver) return never();
    return this.unlessOver(read);
  }

  async writes<Answer>(where: string, write: () => Promise<Answer>): Promise<Answer> {
    await this.waits();
    if (this.isOver) return never();
    const crash = this.weather.crash();
    if (crash === 'before') {
      this.end(`before ${where}`);
      return never();
    }
    const answer = await this.unlessOver(write);
    if (crash === 'after') this.end(`after ${where}`);
    return this.isOver ? never() : answer;
  }

  /**
   * A write that its caller does not wait for.
   *
   * @throws PowerGone, after which nothing that it waits for comes to an end
   */
  writesNow<Answer>(where: string, write: () => Answer): Answer {
    if (this.isOver) throw new PowerGone();
    const crash = this.weather.crash();
    if (crash === 'before') this.end(`before ${where}`);
    if (this.isOver) throw new PowerGone();
    const answer = write();
    if (crash === 'after') this.end(`after ${where}`);
    if (this.isOver) throw new PowerGone();
    return answer;
  }

  /** Whatever comes of it once nobody is there any more, an error as well, is heard by nobody. */
  private async unlessOver<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await work();
      return this.isOver ? never() : answer;
    } catch (error) {
      if (this.isOver) return never();
      throw error;
    }
  }

  private async waits(): Promise<void> {
    const ms = this.isStarting ? 0 : this.weather.delayMs();
    if (ms > 0) await this.scheduler.sleep(ms);
  }
}
