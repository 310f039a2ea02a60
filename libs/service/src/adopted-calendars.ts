import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import {
  adoptCalendar,
  type AdoptedCalendarEvent,
  adoptedCalendars,
  type Calendar,
  CHINA,
} from '#libs/calendar';
import type { Decision, DomainEvent, Refusal } from '#libs/event';
import { Commands, type Loaded, type Streams } from '#libs/event-log';
import { Clock } from '#libs/scheduler';
import { timerMeta } from './timer.js';

/** The calendar that this program comes with, and the service that decides by it. */
export abstract class PublishedCalendar {
  abstract readonly service: string;
  abstract readonly calendar: Calendar;
}

/** What a command decides by, and what is still to be recorded of it. */
export interface CalendarInHand {
  readonly calendar: Calendar;
  readonly loaded: Loaded<unknown>;
  readonly adoption: readonly AdoptedCalendarEvent[];
}

/**
 * The calendar by which a service decides is in its own log (docs/decisions/0012). It is adopted
 * before the service answers anybody; where another process has not done so, whoever first decides
 * by a newer one records it in the same commit.
 */
@Injectable()
export class AdoptedCalendars implements OnApplicationBootstrap {
  private known: Calendar | undefined;

  constructor(
    private readonly published: PublishedCalendar,
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.adopt();
  }

  async load(streams: Streams): Promise<CalendarInHand> {
    const loaded = await streams.load(adoptedCalendars, CHINA);
    const { calendar } = this.published;
    const adoption = adoptCalendar({ calendar, at: this.clock.now() }, loaded.state);
    return { calendar: this.newest(loaded.state), loaded, adoption };
  }

  /** Keeps a decision for the commit, and after it the calendar by which it was made. */
  record<Event extends DomainEvent, Code extends string>(
    streams: Streams,
    loaded: Loaded<unknown>,
    decision: Decision<Event, Code>,
    by: CalendarInHand,
  ): Refusal<Code> | undefined {
    const refusal = streams.record(loaded, decision);
    const isNothing = refusal !== undefined || ('length' in decision && decision.length === 0);
    return isNothing ? refusal : streams.record<AdoptedCalendarEvent, Code>(by.loaded, by.adoption);
  }

  /** Adopts the program's calendar unless it, or a newer one, was adopted before. */
  async adopt(): Promise<Calendar> {
    if (this.known !== undefined) return this.known;
    const { service, calendar } = this.published;
    const { version, publishedFrom } = calendar;
    const since = { target: `${CHINA} ${version}`, dueAt: `${publishedFrom}T00:00:00.000Z` };
    await this.commands.execute(timerMeta(service, 'adoptCalendar', since), async (streams) => {
      const { loaded, adoption } = await this.load(streams);
      return streams.record(loaded, adoption);
    });
    this.known = this.newest(await this.commands.read(adoptedCalendars, CHINA));
    return this.known;
  }

  private newest(adopted: Calendar | undefined): Calendar {
    const { calendar } = this.published;
    return adopted === undefined || adopted.version < calendar.version ? calendar : adopted;
  }
}
