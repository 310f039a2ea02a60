import { Injectable } from '@nestjs/common';
import { isRefusal } from '#libs/event';
import { AdoptedCalendars, Scheduler, Timer, timerMeta } from '#libs/service';
import { LiveViews } from '#libs/views';
import { DisputeService } from './dispute.service.js';
import { disputesView } from './disputes.view.js';

/** What is corrected in one go; a stop waits for no more than that. */
const BATCH = 50;

/** A newer calendar is adopted, and what was only provisional is counted by it again. */
@Injectable()
export class CorrectTermsTimer extends Timer {
  constructor(
    scheduler: Scheduler,
    private readonly calendars: AdoptedCalendars,
    private readonly disputes: DisputeService,
    private readonly views: LiveViews,
  ) {
    super(scheduler);
  }

  override async due(now: string): Promise<string | undefined> {
    const { version } = await this.calendars.adopt();
    const next = await this.views.find(disputesView, {
      equals: { provisional: true },
      orderBy: ['calendarVersion', 'id'],
      limit: BATCH,
    });
    for (const { id, calendarVersion, waitsUntil } of next) {
      if (calendarVersion === null || waitsUntil === null) {
        throw new Error(`dispute ${id} has no time that could be provisional`);
      }
      if (calendarVersion >= version) return undefined;
      const of = { target: `${id} ${version}`, dueAt: waitsUntil };
      const meta = timerMeta('mediation', 'correctTerm', of);
      const outcome = await this.disputes.correctTerm(meta, { dispute: id });
      if (isRefusal(outcome)) throw new Error(`${id} is not corrected: ${outcome.refused}`);
    }
    return next.length < BATCH ? undefined : now;
  }
}
