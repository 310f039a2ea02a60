import { Injectable } from '@nestjs/common';
import { isRefusal } from '#libs/event';
import { AdoptedCalendars, Scheduler, Timer, timerMeta } from '#libs/service';
import { LiveViews } from '#libs/views';
import { HazardService } from './hazard.service.js';
import { hazardsView } from './hazards.view.js';

/** What is corrected in one go; a stop waits for no more than that. */
const BATCH = 50;

/** A newer calendar is adopted, and what was only provisional is counted by it again. */
@Injectable()
export class CorrectRechecksTimer extends Timer {
  constructor(
    scheduler: Scheduler,
    private readonly calendars: AdoptedCalendars,
    private readonly hazards: HazardService,
    private readonly views: LiveViews,
  ) {
    super(scheduler);
  }

  override async due(now: string): Promise<string | undefined> {
    const { version } = await this.calendars.adopt();
    const next = await this.views.find(hazardsView, {
      equals: { provisional: true },
      orderBy: ['calendarVersion', 'id'],
      limit: BATCH,
    });
    for (const { id, calendarVersion, recheckBy } of next) {
      if (calendarVersion === null || recheckBy === null) {
        throw new Error(`hazard ${id} has no time that could be provisional`);
      }
      if (calendarVersion >= version) return undefined;
      const of = { target: `${id} ${version}`, dueAt: recheckBy };
      const meta = timerMeta('inspections', 'correctRecheck', of);
      const outcome = await this.hazards.correctRecheck(meta, { hazard: id });
      if (isRefusal(outcome)) throw new Error(`${id} is not corrected: ${outcome.refused}`);
    }
    return next.length < BATCH ? undefined : now;
  }
}
