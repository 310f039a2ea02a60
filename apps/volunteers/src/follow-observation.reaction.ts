import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { InspectionsPublishedEvent } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import type { FollowUp } from './observation.events.js';
import { ObservationService } from './observation.service.js';

type Published<Type extends InspectionsPublishedEvent['type']> = Recorded<
  Extract<InspectionsPublishedEvent, { type: Type }>
>;

/** Inspections tells of a hazard: who noted it on patrol is to see what became of it. */
@Controller()
export class FollowObservationReaction {
  constructor(private readonly observations: ObservationService) {}

  @EventPattern('inspections.HazardFound')
  found(@Payload() recorded: Published<'HazardFound'>): Promise<void> {
    return this.follow(recorded, 'FOUND');
  }

  @EventPattern('inspections.HazardClosed')
  closed(@Payload() recorded: Published<'HazardClosed'>): Promise<void> {
    return this.follow(recorded, 'CLOSED');
  }

  private async follow(
    recorded: Published<InspectionsPublishedEvent['type']>,
    status: FollowUp,
  ): Promise<void> {
    const { hazard, observation } = recorded.event;
    if (observation === null) return;
    const meta = reactionMeta('volunteers', recorded, 'followObservation');
    await this.observations.follow(meta, { observation, hazard, status });
  }
}
