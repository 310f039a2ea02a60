import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { GridRegistryPublishedEvent } from '#libs/contracts';
import { isRefusal, type Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import { LiveViews } from '#libs/views';
import { DisputeService } from './dispute.service.js';
import { disputesView } from './disputes.view.js';
import { MediatorService } from './mediator.service.js';

type HolderReleased = Extract<GridRegistryPublishedEvent, { type: 'HolderReleased' }>;

/** A mediator was released: nobody assigns to them any more, and their disputes come back. */
@Controller()
export class ReturnDisputesReaction {
  constructor(
    private readonly mediators: MediatorService,
    private readonly disputes: DisputeService,
    private readonly views: LiveViews,
  ) {}

  @EventPattern('grid-registry.HolderReleased')
  async on(@Payload() recorded: Recorded<HolderReleased>): Promise<void> {
    const { kind, holder: mediator } = recorded.event;
    if (kind !== 'MEDIATOR') return;
    // First the withdrawal: an assignment that has read the mediator before it cannot commit.
    const withdrawal = reactionMeta('mediation', recorded, 'withdrawMediator');
    await this.mediators.withdraw(withdrawal, { mediator });
    for (const dispute of await this.openDisputesOf(mediator)) {
      const meta = reactionMeta('mediation', recorded, 'returnDispute', dispute);
      const outcome = await this.disputes.giveBack(meta, { dispute, mediator });
      if (isRefusal(outcome)) throw new Error(`${dispute} is not returned: ${outcome.refused}`);
    }
  }

  private async openDisputesOf(mediator: string): Promise<readonly string[]> {
    const rows = await this.views.findAll(disputesView, {
      equals: { mediator, open: true },
      orderBy: ['id'],
    });
    return rows.map(({ id }) => id);
  }
}
