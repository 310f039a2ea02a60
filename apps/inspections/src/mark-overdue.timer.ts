import { Injectable } from '@nestjs/common';
import { isRefusal } from '#libs/event';
import { Scheduler, Timer, timerMeta } from '#libs/service';
import { LiveViews } from '#libs/views';
import { HazardService } from './hazard.service.js';
import { hazardsView } from './hazards.view.js';

/** What is marked in one go; a stop waits for no more than that. */
const BATCH = 50;

/** The time limit of a hazard passed, and nobody has rectified it. */
@Injectable()
export class MarkOverdueTimer extends Timer {
  constructor(
    scheduler: Scheduler,
    private readonly hazards: HazardService,
    private readonly views: LiveViews,
  ) {
    super(scheduler);
  }

  override async due(now: string): Promise<string | undefined> {
    const next = await this.views.find(hazardsView, {
      equals: { status: 'NOTICED', overdue: false },
      orderBy: ['dueAt', 'id'],
      limit: BATCH,
    });
    for (const { id, dueAt } of next) {
      if (dueAt === null) throw new Error(`hazard ${id} was noticed without a time limit`);
      if (dueAt > now) return dueAt;
      const meta = timerMeta('inspections', 'markOverdue', { target: id, dueAt });
      const outcome = await this.hazards.markOverdue(meta, { hazard: id, dueAt });
      if (isRefusal(outcome)) throw new Error(`${id} is not marked: ${outcome.refused}`);
    }
    return next.length < BATCH ? undefined : now;
  }
}
