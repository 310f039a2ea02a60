import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Recorded } from '#libs/event';
import { LogDamaged } from '#libs/event-log';
import { positionText } from '#libs/event-log';
import type { Checkpoints } from './checkpoints.js';
import { Consumer } from './consumer.js';
import type { EventBus } from './event-bus.js';

/**
 * Gives a service's `@EventPattern('ORIGIN.EventType')` handlers the events of the other services
 * in this process. The payload is the recorded event.
 */
export class EventBusTransport extends Server implements CustomTransportStrategy {
  /** The consumer must hear of a failed handler: it tries the event again. */
  override readonly propagatesEventHandlerErrors = true;
  private consumers: readonly Consumer[] = [];

  constructor(
    private readonly bus: EventBus,
    private readonly checkpoints: Checkpoints,
  ) {
    super();
  }

  listen(callback: () => void): void {
    this.consumers = this.origins().flatMap((origin) => this.consumerOf(origin) ?? []);
    for (const consumer of this.consumers) consumer.start();
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /** Resolves when every event that the other services had recorded at the call was handled. */
  async caughtUp(timeoutMs: number): Promise<boolean> {
    const all = await Promise.all(this.consumers.map((consumer) => consumer.caughtUp(timeoutMs)));
    return all.every(Boolean);
  }

  /**
   * Before anything is handled: an origin's log that ends before what was handled of it is an older
   * one that was put back, and its new events would be passed over. One that records nothing has no
   * new ones: what was handled of it is waited for until its loss is declared.
   *
   * @throws LogDamaged naming the origin
   */
  async checkPositions(): Promise<void> {
    for (const origin of this.checkpoints.origins()) {
      const handled = this.checkpoints.load(origin);
      const feed = this.bus.feedOf(origin);
      if (feed === undefined || feed.readOnly !== undefined) continue;
      const head = await feed.head();
      if (handled > head) {
        throw new LogDamaged(
          `${origin} holds ${head} events, but ${handled} were handled: was an older log.db put ` +
            'back? Put back the folders of all services as they were saved together, or declare ' +
            'the loss with npm run recover',
        );
      }
    }
  }

  /** Origins whose events this service handles but that do not run in this process. */
  absentOrigins(): readonly string[] {
    return this.origins().filter((origin) => this.bus.feedOf(origin) === undefined);
  }

  on(): never {
    throw new Error('the event bus has no events of its own to listen to');
  }

  unwrap<T>(): T {
    return this.bus as T;
  }

  private origins(): readonly string[] {
    const patterns = [...this.messageHandlers.keys()];
    return [...new Set(patterns.map((pattern) => pattern.slice(0, pattern.indexOf('.'))))];
  }

  private consumerOf(origin: string): Consumer | undefined {
    const feed = this.bus.feedOf(origin);
    if (feed === undefined) return undefined;
    return new Consumer({
      feed,
      checkpoints: this.checkpoints,
      handle: (recorded) => this.dispatch(recorded),
      onFault: (error) => {
        this.logger.error(`events of ${origin} cannot be taken, is tried again: ${String(error)}`);
      },
      onFailure: ({ position, event }, error) => {
        const place = positionText(origin, position);
        // What is no Error is Nest's answer for one that it has logged itself.
        const why = error instanceof Error ? `: ${String(error)}` : '';
        this.logger.error(`${place} ${event.type} failed, is tried again${why}`);
      },
    });
  }

  private async dispatch(recorded: Recorded): Promise<void> {
    const handler = this.messageHandlers.get(`${recorded.origin}.${recorded.event.type}`);
    if (handler === undefined) return;
    const answers: unknown = await handler(recorded, undefined);
    const last = lastValueFrom(this.transformToObservable(answers), { defaultValue: undefined });
    const answer: unknown = await last;
    // An exception filter may answer with the failure instead of throwing it.
    if (answer instanceof Error) throw answer;
  }
}
