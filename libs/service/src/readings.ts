import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { refuse } from '#libs/event';
import { type EventFeed, positionText } from '#libs/event-log';
import { Scheduler } from '#libs/scheduler';
import { LiveViews } from '#libs/views';
import { Neighbours } from './neighbours.js';
import { Reading } from './reading.js';
import type { Asked, Positions } from './reading-asked.js';
import { refusalError } from './refusal-error.js';
import type { RequestContext } from './request-context.js';
import { requestRefusals, whenBehind } from './request.refusals.js';

/** How long an answer waits for what it must hold. */
const WAIT_MS = 2000;
const RETRY_AFTER_MS = 1000;
const RETRY_PARKED_AFTER_MS = 60_000;

/** The service's own log, as far as reading needs it. */
export abstract class OwnLog implements Pick<EventFeed, 'origin' | 'head' | 'read'> {
  abstract readonly origin: string;
  abstract head(): Promise<number>;
  abstract read(from: number, limit: number): ReturnType<EventFeed['read']>;
}

/** Makes of what a request asks for what its resolvers read from; once for each request. */
export class Readings {
  private readonly made = new WeakMap<Asked, Promise<Reading>>();

  constructor(
    private readonly log: OwnLog,
    private readonly views: LiveViews,
    private readonly neighbours: Neighbours,
    private readonly scheduler: Scheduler,
  ) {}

  async of({ asked }: RequestContext): Promise<Reading> {
    if (asked?.asOf === undefined && asked?.minPosition === undefined) {
      return new Reading(this.views, this.scheduler.now());
    }
    const made = this.made.get(asked) ?? this.make(asked);
    this.made.set(asked, made);
    return made;
  }

  private async make({ asOf, minPosition }: Asked): Promise<Reading> {
    if (minPosition !== undefined) await this.await(minPosition);
    if (asOf === undefined) return new Reading(this.views, this.scheduler.now());
    if (typeof asOf === 'string') {
      return new Reading(this.views, asOf, await this.lastUntil(asOf));
    }
    const last = await this.lastOf(asOf);
    return new Reading(this.views, await this.timeOf(last), last);
  }

  /** Resolves when this service has applied all of these, or what came of them here. */
  private async await(positions: Positions): Promise<void> {
    const deadline = this.scheduler.elapsedMs() + WAIT_MS;
    const left = (): number => Math.max(0, deadline - this.scheduler.elapsedMs());
    await Promise.all(
      [...positions].map(async ([origin, position]) => {
        if (origin === this.log.origin) return this.known(position);
        const at = await this.neighbours.reached(origin, position, left());
        const { handled, head } = at;
        if (head !== undefined && position >= head) throw unknown(origin, position, head);
        if (handled <= position) throw this.behind({ origin, position, ...at });
      }),
    );
    await this.views.waitFor((await this.log.head()) - 1, left());
  }

  private async known(position: number): Promise<void> {
    const head = await this.log.head();
    if (position >= head) throw unknown(this.log.origin, position, head);
  }

  private async lastOf(positions: Positions): Promise<number> {
    const position = positions.get(this.log.origin);
    if (position === undefined) {
      throw refusalError(refuse('AsOfIncomplete', { service: this.log.origin }), requestRefusals);
    }
    await this.known(position);
    return position;
  }

  private async timeOf(position: number): Promise<string> {
    const [recorded] = await this.log.read(position, 1);
    if (recorded === undefined) throw new Error(`position ${position} is known but not there`);
    return recorded.recordedAt;
  }

  /** The last event recorded by then; recorded time never decreases within a log. */
  private async lastUntil(asOf: string): Promise<number> {
    const now = this.scheduler.now();
    if (Date.parse(asOf) > Date.parse(now)) {
      const facts = { asOf, now, service: this.log.origin };
      throw refusalError(refuse('AsOfInFuture', facts), requestRefusals);
    }
    let [first, end] = [0, await this.log.head()];
    while (first < end) {
      const middle = Math.floor((first + end) / 2);
      if (Date.parse(await this.timeOf(middle)) <= Date.parse(asOf)) first = middle + 1;
      else end = middle;
    }
    return first - 1;
  }

  private behind(at: { origin: string; position: number; handled: number; isParked?: boolean }) {
    const facts = {
      service: this.log.origin,
      wanted: positionText(at.origin, at.position),
      reached: positionText(at.origin, at.handled),
      ...(at.isParked === true ? whenBehind.parked : whenBehind.soon),
    };
    const retry = { retryAfterMs: at.isParked === true ? RETRY_PARKED_AFTER_MS : RETRY_AFTER_MS };
    return refusalError(refuse('ViewsBehind', facts), requestRefusals, retry);
  }
}

function unknown(origin: string, position: number, head: number) {
  const facts = {
    position: positionText(origin, position),
    why: `the log of ${origin} holds ${head} events, counted from 0`,
    whyZh: `${origin} 的日志共有 ${head} 条，从 0 数起`,
  };
  return refusalError(refuse('PositionUnknown', facts), requestRefusals);
}

/** Nest makes a pipe of its own for each module: it asks the one that the service was wired with. */
@Injectable()
export class ReadingPipe implements PipeTransform<RequestContext, Promise<Reading>> {
  constructor(private readonly readings: Readings) {}

  transform(context: RequestContext): Promise<Reading> {
    return this.readings.of(context);
  }
}

const Asking = createParamDecorator((_: unknown, context: ExecutionContext): RequestContext =>
  GqlExecutionContext.create(context).getContext<RequestContext>(),
);

/** What a resolver reads from, as a parameter: a `Reading` as of what the request asks for. */
export const ReadFrom = (): ParameterDecorator => Asking(ReadingPipe);
