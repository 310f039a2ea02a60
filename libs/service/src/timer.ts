import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { derivedId } from '#libs/event-bus';
import type { CommandMeta } from '#libs/event-log';
import type { Cancel, Scheduler } from '#libs/scheduler';

/**
 * The longest pause between two looks, in milliseconds: what was recorded meanwhile, a clock that
 * was set and a machine that slept are noticed after it.
 */
const LOOK_AGAIN_MS = 1000;
const RETRY_MAX_MS = 60_000;

/**
 * 定时: sends an ordinary command when its time has come (docs/decisions/0006). It keeps nothing:
 * what is due is read from the views each time, so that a restart forgets nothing. It runs from
 * the start of its service until before the stores are closed.
 */
export abstract class Timer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(this.constructor.name);
  private status: 'new' | 'running' | 'stopped' = 'new';
  private waiting: Cancel = () => undefined;
  private looking: Promise<void> = Promise.resolve();
  private failures = 0;

  constructor(private readonly scheduler: Scheduler) {}

  /**
   * Sends the commands that are due at `now`, a bounded number of them.
   *
   * @param now RFC 3339, UTC, milliseconds
   * @returns when the next is due: `now` when more are due already, undefined when none waits
   */
  protected abstract due(now: string): Promise<string | undefined>;

  /** One look at the clock. A test with a clock of its own calls it. */
  tick(): Promise<string | undefined> {
    return this.due(this.scheduler.now());
  }

  onApplicationBootstrap(): void {
    // An application that also listens is started in two parts, and this is called for both.
    if (this.status !== 'new') return;
    this.status = 'running';
    this.lookIn(0);
  }

  /** Resolves when the commands in hand are recorded and no other will be sent. */
  async beforeApplicationShutdown(): Promise<void> {
    this.status = 'stopped';
    this.waiting();
    await this.looking;
  }

  private lookIn(pauseMs: number): void {
    this.waiting = this.scheduler.inBackground(pauseMs, () => {
      this.looking = this.look();
    });
  }

  private async look(): Promise<void> {
    const pauseMs = await this.tick().then(
      (next) => this.pauseUntil(next),
      (error: unknown) => this.pauseAfter(error),
    );
    if (this.status === 'running') this.lookIn(pauseMs);
  }

  private pauseUntil(next: string | undefined): number {
    this.failures = 0;
    if (next === undefined) return LOOK_AGAIN_MS;
    const left = Date.parse(next) - Date.parse(this.scheduler.now());
    return Math.min(Math.max(left, 0), LOOK_AGAIN_MS);
  }

  private pauseAfter(error: unknown): number {
    this.failures += 1;
    this.logger.error(`failed, is tried again: ${String(error)}`);
    return Math.min(LOOK_AGAIN_MS * 2 ** this.failures, RETRY_MAX_MS);
  }
}

/**
 * Under which id and in whose name a timer sends a command: the same however often it is sent, so
 * that the log refuses a second effect.
 *
 * @param target what the command acts on
 * @param dueAt RFC 3339 time at which it became due
 */
export function timerMeta(
  service: string,
  command: string,
  { target, dueAt }: { readonly target: string; readonly dueAt: string },
): CommandMeta {
  return {
    commandId: derivedId(dueAt, `${service} ${command} ${target}`),
    actor: `service:${service}`,
    request: [command, target, dueAt],
  };
}
