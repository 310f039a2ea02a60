import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Recorded } from '#libs/event';
import { LogDamaged, positionText } from '#libs/event-log';
import type { Scheduler } from '#libs/scheduler';
import type { Checkpoints } from './checkpoints.js';
import { Consumer, type ConsumerStatus } from './consumer.js';
import type { Failure } from './deliveries.js';
import { faultText } from './delivery-faults.js';
import type { EventBus } from './event-bus.js';
import type { Handler } from './handlers.js';
import { NotParked, type ParkedItem, type ParkedWork, type Retried } from './parked-work.js';
import type { Delivery } from './skips.js';

const NEXT = {
  again: 'is tried again',
  parked: 'is parked: see npm run ops -- parked list',
  skipped: 'is passed over, as an operator has said',
} as const satisfies Record<Failure['next'], string>;

/**
 * Gives a service's `@EventPattern('ORIGIN.EventType')` handlers the events of the other services.
 * The payload is the recorded event. Handlers of one pattern are told apart by
 * the names that `nameHandlers` gives them.
 */
export class EventBusTransport extends Server implements CustomTransportStrategy, ParkedWork {
  /** The consumer must hear of a failed handler: it tries the event again. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly handlers = new Map<string, Handler[]>();
  private consumers: readonly Consumer[] = [];

  /** @param isSkipped whether an operator has passed a delivery over, as the service's log tells */
  constructor(
    private readonly bus: EventBus,
    private readonly checkpoints: Checkpoints,
    private readonly scheduler: Scheduler,
    private readonly isSkipped: (delivery: Delivery) => Promise<boolean> = async () => false,
  ) {
    super();
  }

  /** Nest would chain the handlers of one pattern into one; here each stands for itself. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Readonly<Record<string, unknown>> = {},
  ): void {
    const key = this.normalizePattern(pattern as string);
    if (!isEventHandler) throw new Error(`${key}: the event bus carries events, no questions`);
    const named = extras['handler'];
    const name = typeof named === 'string' ? named : key;
    const others = this.handlers.get(key) ?? [];
    if (others.some((other) => other.name === name)) {
      throw new Error(`two handlers of ${key} are named ${name}: name them with nameHandlers`);
    }
    const handle = (recorded: Recorded): Promise<void> => this.handle(callback, recorded);
    this.handlers.set(key, [...others, { name, handle }]);
  }

  listen(callback: () => void): void {
    this.consumers = this.origins().flatMap((origin) => this.consumerOf(origin) ?? []);
    this.bus.follow(this.origins());
    for (const consumer of this.consumers) consumer.start();
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /**
   * Resolves when every event that the other services had recorded at the call was handled, or is
   * parked.
   */
  async caughtUp(timeoutMs: number): Promise<boolean> {
    // Of a process that cannot be asked, nobody knows what it has recorded.
    const heard = this.consumers.map((each) => each.caughtUp(timeoutMs).catch(() => false));
    return (await Promise.all(heard)).every(Boolean);
  }

  /**
   * Waits until the event at `position` of `origin` has had its effect here, at most `timeoutMs`;
   * not at all when its log ends before it, or when nothing of it is handled here.
   *
   * @returns the first position that has had none, whether that one is parked, and where the
   * origin's log ends, if it can be asked
   */
  async reached(
    origin: string,
    position: number,
    timeoutMs: number,
  ): Promise<{ readonly handled: number; readonly head?: number; readonly isParked?: boolean }> {
    const consumer = this.consumers.find((each) => each.origin === origin);
    const reached = consumer?.effective() ?? 0;
    // Another process need not be asked about what was heard of it long ago.
    if (reached > position && this.bus.feedHere(origin) === undefined) return { handled: reached };
    const head = await this.headOf(origin);
    const asked = head === undefined ? {} : { head };
    if (!this.origins().includes(origin)) return { handled: position + 1, ...asked };
    if (consumer === undefined || (head !== undefined && head <= position)) {
      return { handled: this.checkpoints.load(origin), ...asked };
    }
    await consumer.passed(position + 1, timeoutMs);
    const handled = consumer.effective();
    const isParked = consumer.lanes.list().some((item) => item.position === handled);
    return { handled, ...asked, ...(isParked && { isParked }) };
  }

  /** How far each other service was heard. */
  heard(): Promise<readonly ConsumerStatus[]> {
    return Promise.all(this.consumers.map((consumer) => consumer.status()));
  }

  /** How far one other service was heard; undefined when it is not heard here. */
  async statusOf(origin: string): Promise<ConsumerStatus | undefined> {
    return this.consumers.find((each) => each.origin === origin)?.status();
  }

  async list(): Promise<readonly ParkedItem[]> {
    return this.consumers.flatMap(({ lanes }) => lanes.list());
  }

  retry(id: string): Promise<Retried> {
    return this.consumerWith(id).lanes.retry(id);
  }

  passOver(id: string, record: (item: ParkedItem) => Promise<void>): Promise<Retried> {
    return this.consumerWith(id).lanes.passOver(id, record);
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
      // One of another process may not be up yet: its feed says the same once it is asked.
      const feed = this.bus.feedHere(origin);
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

  /** Origins whose events this service handles but cannot hear. */
  absentOrigins(): readonly string[] {
    return this.origins().filter((origin) => this.bus.feedOf(origin) === undefined);
  }

  on(): never {
    throw new Error('the event bus has no events of its own to listen to');
  }

  unwrap<T>(): T {
    return this.bus as T;
  }

  /** Undefined when it cannot be asked. */
  private async headOf(origin: string): Promise<number | undefined> {
    try {
      return await this.bus.feedOf(origin)?.head();
    } catch (error) {
      this.logger.warn(`where ${origin} ends is not known: ${faultText(error)}`);
      return undefined;
    }
  }

  private origins(): readonly string[] {
    const patterns = [...this.handlers.keys()];
    return [...new Set(patterns.map((pattern) => pattern.slice(0, pattern.indexOf('.'))))];
  }

  private consumerWith(id: string): Consumer {
    const found = this.consumers.find(({ lanes }) => lanes.list().some((item) => item.id === id));
    if (found === undefined) throw new NotParked(`${id} is not parked`);
    return found;
  }

  private consumerOf(origin: string): Consumer | undefined {
    const feed = this.bus.feedOf(origin);
    if (feed === undefined) return undefined;
    const own = this.handlersOf(origin);
    return new Consumer({
      feed,
      checkpoints: this.checkpoints,
      scheduler: this.scheduler,
      isSkipped: this.isSkipped,
      handlersOf: (type) => own.get(type) ?? [],
      onFault: (error) => {
        this.logger.error(`events of ${origin} cannot be taken, is tried again: ${String(error)}`);
      },
      onHalt: (error) => {
        this.logger.error(`events of ${origin} are no longer taken: ${faultText(error)}`);
      },
      onFailure: ({ recorded, handler, error, next }) => {
        const place = positionText(origin, recorded.position);
        const told = `${place} ${recorded.event.type}: ${handler} failed, ${NEXT[next]}`;
        // What is no Error is Nest's answer for one that it has logged itself.
        this.logger.error(error instanceof Error ? `${told}: ${faultText(error)}` : told);
      },
    });
  }

  /** By type: each event asks for those of its own. */
  private handlersOf(origin: string): ReadonlyMap<string, readonly Handler[]> {
    const prefix = `${origin}.`;
    const own = [...this.handlers].filter(([pattern]) => pattern.startsWith(prefix));
    return new Map(own.map(([pattern, handlers]) => [pattern.slice(prefix.length), handlers]));
  }

  private async handle(callback: MessageHandler, recorded: Recorded): Promise<void> {
    const answers: unknown = await callback(recorded, undefined);
    const last = isObservable(answers)
      ? lastValueFrom(answers, { defaultValue: undefined })
      : answers;
    const answer: unknown = await last;
    // An exception filter may answer with the failure instead of throwing it.
    if (answer instanceof Error) throw answer;
  }
}
