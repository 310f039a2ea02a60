import type { ConsumerStatus } from '#libs/event-bus';
import type { Scheduler } from '#libs/scheduler';

/** Without news of appointments for so long, nobody can say who may see personal data. */
export const MASK_AFTER_MS = 5 * 60_000;

/** Whose appointments these are. */
const REGISTRY = 'grid-registry';

export interface NewsStatus {
  /** For how long nothing was known for certain of who holds which post. */
  readonly ageMs: number;
  /** Whether that is too long to show personal data. */
  readonly isOld: boolean;
}

/** 任职消息: since when a service has had no news of who holds which post. */
export class AppointmentNews {
  private contactMs: number;

  /** @param heard how far the registry was heard; undefined when it is not heard at all */
  constructor(
    private readonly service: string,
    private readonly scheduler: Scheduler,
    private readonly heard: (origin: string) => Promise<ConsumerStatus | undefined>,
  ) {
    // What happened before the start is unknown until the registry was heard: it may be days.
    this.contactMs = scheduler.elapsedMs() - MASK_AFTER_MS - 1;
  }

  async status(): Promise<NewsStatus> {
    const ageMs = this.service === REGISTRY ? 0 : await this.age();
    return { ageMs, isOld: ageMs > MASK_AFTER_MS };
  }

  private async age(): Promise<number> {
    const now = this.scheduler.elapsedMs();
    const at = await this.heard(REGISTRY).catch(() => undefined);
    // Of an origin that cannot be asked, a consumer says that it has heard all that it has heard.
    const isHearing = at !== undefined && at.stopped === undefined && at.unreachable === undefined;
    if (isHearing && at.position >= at.head) this.contactMs = now;
    else if (isHearing && at.oldestAt !== undefined) return this.since(at.oldestAt);
    return now - this.contactMs;
  }

  private since(time: string): number {
    return Math.max(0, Date.parse(this.scheduler.now()) - Date.parse(time));
  }
}
