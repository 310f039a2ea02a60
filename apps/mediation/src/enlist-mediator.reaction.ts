import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { GridRegistryPublishedEvent } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import { MediatorService } from './mediator.service.js';

type HolderAppointed = Extract<GridRegistryPublishedEvent, { type: 'HolderAppointed' }>;

/** Somebody was appointed to a mediator's post: disputes may be assigned to them. */
@Controller()
export class EnlistMediatorReaction {
  constructor(private readonly mediators: MediatorService) {}

  @EventPattern('grid-registry.HolderAppointed')
  async on(@Payload() recorded: Recorded<HolderAppointed>): Promise<void> {
    const { kind, holder, area } = recorded.event;
    if (kind !== 'MEDIATOR') return;
    const meta = reactionMeta('mediation', recorded, 'enlistMediator');
    await this.mediators.enlist(meta, { mediator: holder, area });
  }
}
