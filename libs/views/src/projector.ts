import type { EventFeed } from '#libs/event-log';
import type { ViewStore } from './view-store.js';

const BATCH = 1000;

/** Brings a service's views up to its own log. */
export class Projector {
  private running: Promise<void> | undefined;

  constructor(
    readonly log: EventFeed,
    private readonly views: ViewStore,
  ) {}

  async behind(): Promise<number> {
    return (await this.log.head()) - (await this.views.position());
  }

  /** Resolves when the views hold every event that the log held at the call. */
  async catchUp(): Promise<void> {
    const head = await this.log.head();
    while ((await this.views.position()) < head) {
      this.running ??= this.applyBatch().finally(() => {
        this.running = undefined;
      });
      await this.running;
    }
  }

  private async applyBatch(): Promise<void> {
    const events = await this.log.read(await this.views.position(), BATCH);
    await this.views.apply(events);
  }
}
