import type { LogOwnEvent } from '#libs/contracts';
import type { Aggregate } from '#libs/event';

/** A delivery as `DeliverySkipped` names it. */
export interface Delivery {
  readonly handler: string;
  readonly origin: string;
  readonly stream: string;
  readonly position: number;
}

/** 跳过记录: the deliveries that operators of a service have passed over; the log is the truth. */
export type SkippedDeliveries = ReadonlySet<string>;

/** Of a service, the stream `log-SERVICE`. */
export const skippedDeliveries: Aggregate<SkippedDeliveries, LogOwnEvent> = {
  category: 'log',
  initial: new Set(),
  evolve: (skipped, event) =>
    event.type === 'DeliverySkipped' ? new Set([...skipped, deliveryKey(event)]) : skipped,
};

export function deliveryKey({ handler, origin, stream, position }: Delivery): string {
  return JSON.stringify([handler, origin, stream, position]);
}

/** What a key names. */
export function deliveryOf(key: string): Delivery {
  const [handler, origin, stream, position] = JSON.parse(key) as [string, string, string, number];
  return { handler, origin, stream, position };
}
