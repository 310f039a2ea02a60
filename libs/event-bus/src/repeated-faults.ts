import type { Scheduler } from '#libs/scheduler';

const AGAIN_MS = 10 * 60_000;

/** What is tried again every second fails as often: it is worth a line now and then. */
export class RepeatedFaults {
  private told: string | undefined;
  private toldAt = -Infinity;

  constructor(private readonly scheduler: Pick<Scheduler, 'elapsedMs'>) {}

  /** Whether this is to be told: another one than before, or the same after ten minutes. */
  isDue(fault: string): boolean {
    const now = this.scheduler.elapsedMs();
    if (fault === this.told && now - this.toldAt < AGAIN_MS) return false;
    this.told = fault;
    this.toldAt = now;
    return true;
  }
}
