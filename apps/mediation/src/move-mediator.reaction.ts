import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { GridClosingPublishedEvent } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import { MediatorService } from './mediator.service.js';

type PostMoved = Extract<GridClosingPublishedEvent, { type: 'PostMoved' }>;

/** A mediator's post went along with its grid: its holder mediates in the new one. */
@Controller()
export class MoveMediatorReaction {
  constructor(private readonly mediators: MediatorService) {}

  @EventPattern('grid-registry.PostMoved')
  async on(@Payload() recorded: Recorded<PostMoved>): Promise<void> {
    const { kind, holder, area } = recorded.event;
    if (kind !== 'MEDIATOR' || holder === null) return;
    const meta = reactionMeta('mediation', recorded, 'moveMediator');
    await this.mediators.move(meta, { mediator: holder, area });
  }
}
