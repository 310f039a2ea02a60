import { Injectable } from '@nestjs/common';
import type { AreaCode } from '#libs/contracts';
import { isRefusal } from '#libs/event';
import type { CommandMeta } from '#libs/event-log';
import { GridWork } from '#libs/service';
import { LiveViews } from '#libs/views';
import { DisputeService } from './dispute.service.js';
import { disputesView } from './disputes.view.js';

/** What mediation has to do in a grid: disputes that are open. */
@Injectable()
export class MediationGridWork extends GridWork {
  readonly service = 'mediation';

  constructor(
    private readonly disputes: DisputeService,
    private readonly views: LiveViews,
  ) {
    super();
  }

  async openIn(grid: AreaCode): Promise<readonly string[]> {
    const rows = await this.views.findAll(disputesView, {
      equals: { open: true, grid },
      orderBy: ['reportedAt', 'id'],
    });
    return rows.map(({ id }) => id);
  }

  async move(meta: CommandMeta, dispute: string, grid: AreaCode): Promise<void> {
    const outcome = await this.disputes.move(meta, { dispute, grid });
    if (isRefusal(outcome)) throw new Error(`${dispute} is not moved: ${outcome.refused}`);
  }
}
