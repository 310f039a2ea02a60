import {
  type Delivery,
  deliveryKey,
  deliveryOf,
  derivedId,
  skippedDeliveries,
} from '#libs/event-bus';
import { isRefusal } from '#libs/event';
import type { Commands } from '#libs/event-log';

/** What an operator says when they pass a delivery over. */
export interface SkipSaid {
  /** The subject of the operator's token. */
  readonly actor: string;
  readonly reason: string;
  /** RFC 3339 time. */
  readonly at: string;
}

/**
 * 跳过: the deliveries that operators of a service pass over. Each is an event of the service's own
 * log, once, however often it is asked for.
 */
export class DeliverySkips {
  constructor(
    private readonly service: string,
    private readonly commands: Commands,
  ) {}

  async isSkipped(delivery: Delivery): Promise<boolean> {
    const skipped = await this.commands.read(skippedDeliveries, this.service);
    return skipped.has(deliveryKey(delivery));
  }

  /** Every delivery that was passed over here. */
  async list(): Promise<readonly Delivery[]> {
    const skipped = await this.commands.read(skippedDeliveries, this.service);
    return [...skipped].map(deliveryOf);
  }

  /** @param since RFC 3339; when it was parked */
  async record(
    { handler, origin, stream, position, since }: Delivery & { readonly since: string },
    { actor, reason, at }: SkipSaid,
  ): Promise<void> {
    const delivery = { handler, origin, stream, position };
    const key = deliveryKey(delivery);
    const meta = { commandId: derivedId(since, key), actor, request: ['skipDelivery', key] };
    const outcome = await this.commands.execute(meta, async (streams) => {
      const log = await streams.load(skippedDeliveries, this.service);
      if (log.state.has(key)) return undefined;
      return streams.record(log, [{ type: 'DeliverySkipped', ...delivery, reason, at }]);
    });
    if (isRefusal(outcome)) throw new Error(`${key} is not skipped: ${outcome.refused}`);
  }
}
