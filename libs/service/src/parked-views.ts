import type { EventFeed } from '#libs/event-log';
import { NotParked, type ParkedItem, type ParkedWork, type Retried } from '#libs/event-bus';
import type { LiveViews, Park } from '#libs/views';

/** 搁置的视图: streams whose events a view of this service could not take. */
export class ParkedViews implements ParkedWork {
  constructor(
    private readonly log: EventFeed,
    private readonly views: LiveViews,
  ) {}

  async list(): Promise<readonly ParkedItem[]> {
    const parks = await this.views.parked();
    return Promise.all(parks.map((park) => this.itemOf(park)));
  }

  async retry(id: string): Promise<Retried> {
    const park = await this.parkOf(id);
    return this.goOn(park, () => this.views.retry(park.view, park.stream));
  }

  /** The event itself takes the stream up again, here and whenever the views are made anew. */
  async passOver(id: string, record: (item: ParkedItem) => Promise<void>): Promise<Retried> {
    const park = await this.parkOf(id);
    await record(await this.itemOf(park));
    return this.goOn({ ...park, waiting: park.waiting - 1 }, () => this.views.catchUp());
  }

  private async goOn(before: Park, work: () => Promise<unknown>): Promise<Retried> {
    await work();
    const left = (await this.views.parked()).find((park) => idOf(park) === idOf(before));
    if (left === undefined) return { done: before.waiting };
    return { done: Math.max(before.waiting - left.waiting, 0), failure: left.reason };
  }

  private async parkOf(id: string): Promise<Park> {
    const park = (await this.views.parked()).find((each) => idOf(each) === id);
    if (park === undefined) throw new NotParked(`${id} is not parked`);
    return park;
  }

  private async itemOf(park: Park): Promise<ParkedItem> {
    const { view, stream, position, reason, waiting } = park;
    const [recorded] = await this.log.read(position, 1);
    return {
      id: idOf(park),
      handler: `view:${view}`,
      origin: this.log.origin,
      stream,
      position,
      type: recorded?.event.type ?? '',
      reason,
      since: recorded?.recordedAt ?? '',
      attempts: 1,
      queued: waiting - 1,
    };
  }
}

function idOf({ view, stream }: Park): string {
  return `view:${view}/${stream}`;
}
