import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { EventBus, type EventBusTransport } from '#libs/event-bus';
import type { EventFeed } from '#libs/event-log';
import type { Life } from './life.js';
import type { Deliver } from './plant.js';
import { withMethods } from './rewound.js';

/** What was on its way does not arrive; whoever sent it has it still. */
class Undelivered extends Error {
  readonly code = 'NOT_HEARD_YET';
}

/** The bus as one life hears it: late, in pieces, and sometimes not at all. */
export function simulatedBus(feeds: readonly EventFeed[], life: Life): EventBus {
  const bus = new EventBus();
  for (const feed of feeds) bus.publish(heardBy(feed, life));
  return bus;
}

function heardBy(feed: EventFeed, life: Life): EventFeed {
  const { weather } = life;
  return withMethods<EventFeed>(feed, {
    head: () => life.reads(() => feed.head()),
    read: (from, limit) =>
      life.reads(() => {
        if (weather.happens('feedDown')) throw new Undelivered(`${feed.origin} cannot be read`);
        return feed.read(from, weather.happens('delay') ? weather.between(1, limit) : limit);
      }),
    onAppended: (listener) =>
      feed.onAppended(() => void life.scheduler.after(weather.delayMs(), listener)),
  });
}

/** Lets what this transport hands over be late, get lost, or come twice. */
export function troubled(
  transport: EventBusTransport,
  life: Life,
  planted: (deliver: Deliver) => Deliver,
): void {
  const add = transport.addHandler.bind(transport);
  transport.addHandler = (pattern, callback, isEvent, extras) => {
    const name = String(extras?.['handler'] ?? pattern);
    add(pattern, deliveredBy(callback, { name, life, planted }), isEvent, extras);
  };
}

interface Lane {
  readonly name: string;
  readonly life: Life;
  readonly planted: (deliver: Deliver) => Deliver;
}

function deliveredBy(callback: MessageHandler, { name, life, planted }: Lane): MessageHandler {
  const { weather, scheduler } = life;
  const deliver = planted(async (recorded, context) => {
    const answer: unknown = await callback(recorded, context);
    return isObservable(answer) ? lastValueFrom(answer, { defaultValue: undefined }) : answer;
  });
  const delivered: Deliver = async (recorded, context) => {
    await scheduler.sleep(weather.delayMs());
    const lane = `${name} ${recorded.stream}`;
    if (weather.isPoisoned(lane)) throw new Error('cannot be taken');
    if (weather.happens('drop')) throw new Undelivered('lost on its way');
    const answer = await deliver(recorded, context);
    if (weather.happens('repeat')) await deliver(recorded, context);
    if (weather.happens('repeat')) {
      // Nobody waits for it: what it comes to is the same as before, or nothing.
      scheduler.after(
        weather.lateMs(),
        () => void deliver(recorded, context).catch(() => undefined),
      );
    }
    if (weather.happens('forget')) throw new Undelivered('had its effect, which nobody heard of');
    return answer;
  };
  return Object.assign(delivered, callback) as MessageHandler;
}
