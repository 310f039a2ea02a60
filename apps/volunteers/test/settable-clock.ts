import { SystemClock } from '#libs/service';

/** Shows the time that a spec sets, also one that was before. */
export class SettableClock extends SystemClock {
  constructor(public time: string) {
    super();
  }

  override now(): string {
    return this.time;
  }
}
