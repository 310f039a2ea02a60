import type { Recorded } from '#libs/event';
import type { EventFeed } from '#libs/event-log';
import { faultText, isTransient } from './delivery-faults.js';
import { type Handler, reactionOf } from './handlers.js';
import type { ParkedDelivery, ParkedStore } from './parked-store.js';
import { NotParked, type ParkedItem, type Retried } from './parked-work.js';
import type { Delivery } from './skips.js';

export interface ParkedLanesOptions {
  readonly feed: EventFeed;
  readonly parked: ParkedStore;
  /** RFC 3339 time. */
  readonly now: () => string;
  readonly handlersOf: (type: string) => readonly Handler[];
  /** Whether an operator has passed this delivery over, as the service's own log tells. */
  readonly isSkipped: (delivery: Delivery) => Promise<boolean>;
}

/**
 * 搁置的流: streams of one origin that a reaction cannot go on with. Of such a stream everything
 * that follows is kept behind what failed, in its order, until an operator has it tried again.
 */
export class ParkedLanes {
  private readonly ids: Set<string>;
  /** Those that somebody is at: two at once would hand over one event twice, or skip another. */
  private readonly busy = new Set<string>();

  constructor(private readonly options: ParkedLanesOptions) {
    this.ids = new Set(this.heads().map(idOf));
  }

  /** Whether the next event of this stream has to queue for this handler. */
  holds(handler: string, recorded: Recorded): boolean {
    // Mostly nothing is parked, and every event asks.
    return this.ids.size > 0 && this.ids.has(idOf({ handler, ...recorded }));
  }

  queue(handler: string, recorded: Recorded): void {
    this.options.parked.keep(this.deliveryOf(handler, recorded, 0, ''));
  }

  /** Keeps what failed, unless an operator has said before that it is to be passed over. */
  async park(
    handler: string,
    recorded: Recorded,
    { attempts, error }: { readonly attempts: number; readonly error: unknown },
  ): Promise<'parked' | 'skipped'> {
    const delivery = this.deliveryOf(handler, recorded, attempts, faultText(error));
    if (await this.options.isSkipped(delivery)) return 'skipped';
    this.options.parked.keep(delivery);
    this.ids.add(idOf(delivery));
    return 'parked';
  }

  list(): readonly ParkedItem[] {
    return this.options.parked
      .lanes(this.options.feed.origin)
      .map((lane) => ({ id: idOf(lane), ...lane }));
  }

  retry(id: string): Promise<Retried> {
    return this.alone(id, (head) => this.goOn(head));
  }

  passOver(id: string, record: (item: ParkedItem) => Promise<void>): Promise<Retried> {
    return this.alone(id, async (head) => {
      const item = this.list().find((each) => each.id === id);
      if (item === undefined) throw new NotParked(`${id} is not parked`);
      await record(item);
      return this.goOnAfter(head);
    });
  }

  /** What was skipped before a crash, without having been passed over, is passed over now. */
  async passSkipped(): Promise<void> {
    for (const head of this.heads()) {
      if (await this.options.isSkipped(head)) {
        await this.alone(idOf(head), () => this.goOnAfter(head));
      }
    }
  }

  private heads(): readonly ParkedDelivery[] {
    return this.options.parked.lanes(this.options.feed.origin);
  }

  private async alone(
    id: string,
    work: (head: ParkedDelivery) => Promise<Retried>,
  ): Promise<Retried> {
    const head = this.heads().find((each) => idOf(each) === id);
    if (head === undefined) throw new NotParked(`${id} is not parked`);
    if (this.busy.has(id)) throw new NotParked(`${id} is being tried by somebody else now`);
    this.busy.add(id);
    try {
      return await work(head);
    } finally {
      this.busy.delete(id);
    }
  }

  private async goOnAfter(head: ParkedDelivery): Promise<Retried> {
    this.options.parked.remove(head);
    return this.goOn(head);
  }

  /** Tries one after the other, until one fails or none is left: then the stream runs again. */
  private async goOn(lane: ParkedDelivery): Promise<Retried> {
    const { origin, stream, handler } = lane;
    for (let done = 0; ; done += 1) {
      const head = this.options.parked.head(origin, stream, reactionOf(handler));
      if (head === undefined) {
        this.ids.delete(idOf(lane));
        return { done };
      }
      const failure = await this.tried(head);
      if (failure !== undefined) return { done, failure };
      this.options.parked.remove(head);
    }
  }

  /** Why the event can still not be taken; undefined once it has had its effect. */
  private async tried(head: ParkedDelivery): Promise<string | undefined> {
    try {
      await this.handlerOf(head).handle(await this.eventOf(head));
      return undefined;
    } catch (error) {
      const reason = faultText(error);
      if (!isTransient(error)) {
        this.options.parked.keep({ ...head, attempts: head.attempts + 1, reason });
      }
      return reason;
    }
  }

  private handlerOf({ handler, type }: ParkedDelivery): Handler {
    const found = this.options.handlersOf(type).find(({ name }) => name === handler);
    if (found !== undefined) return found;
    throw new Error(`this version has no ${handler} for ${type} any more`);
  }

  private async eventOf({ origin, position, stream, type }: ParkedDelivery): Promise<Recorded> {
    const [recorded] = await this.options.feed.read(position, 1);
    // After a recovery a position may be given to another event.
    if (recorded?.stream === stream && recorded.event.type === type) return recorded;
    throw new Error(
      `${origin}@${position} is not the event that was parked: its log was recovered`,
    );
  }

  private deliveryOf(
    handler: string,
    { origin, stream, position, event }: Recorded,
    attempts: number,
    reason: string,
  ): ParkedDelivery {
    const since = this.options.now();
    return { handler, origin, stream, position, type: event.type, since, attempts, reason };
  }
}

function idOf({ handler, origin, stream }: Omit<Delivery, 'position'>): string {
  return `${reactionOf(handler)}/${origin}/${stream}`;
}
