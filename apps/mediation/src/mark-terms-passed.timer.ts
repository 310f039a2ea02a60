import { Injectable } from '@nestjs/common';
import { isRefusal } from '#libs/event';
import { Scheduler, Timer, timerMeta } from '#libs/service';
import { LiveViews } from '#libs/views';
import { DisputeService } from './dispute.service.js';
import { disputesView } from './disputes.view.js';

/** What is marked in one go; a stop waits for no more than that. */
const BATCH = 50;

/** The time to answer or to mediate in passed, and nothing came of it. */
@Injectable()
export class MarkTermsPassedTimer extends Timer {
  constructor(
    scheduler: Scheduler,
    private readonly disputes: DisputeService,
    private readonly views: LiveViews,
  ) {
    super(scheduler);
  }

  override async due(now: string): Promise<string | undefined> {
    const next = await this.views.find(disputesView, {
      equals: { waiting: true },
      orderBy: ['waitsUntil', 'id'],
      limit: BATCH,
    });
    for (const { id, term, waitsUntil: dueAt } of next) {
      if (term === null || dueAt === null) throw new Error(`dispute ${id} waits for no time`);
      if (dueAt > now) return dueAt;
      const target = `${id} ${term.name}`;
      const meta = timerMeta('mediation', 'markTermPassed', { target, dueAt });
      const ask = { dispute: id, term: term.name, dueAt };
      const outcome = await this.disputes.markTermPassed(meta, ask);
      if (isRefusal(outcome)) throw new Error(`${id} is not marked: ${outcome.refused}`);
    }
    return next.length < BATCH ? undefined : now;
  }
}
