import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { VolunteersPublishedEvent } from '#libs/contracts';
import { isRefusal, type Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import { HazardService } from './hazard.service.js';

type ObservationNoted = Extract<VolunteersPublishedEvent, { type: 'ObservationNoted' }>;

/**
 * A patrol observed a fact at a place: it is a hazard until somebody has graded and settled it.
 * What it was stays with volunteers, sealed; the hazard refers to it.
 */
@Controller()
export class OpenHazardReaction {
  constructor(private readonly hazards: HazardService) {}

  @EventPattern('volunteers.ObservationNoted')
  async on(@Payload() recorded: Recorded<ObservationNoted>): Promise<void> {
    const { observation, grid } = recorded.event;
    const meta = reactionMeta('inspections', recorded, 'openHazard');
    const outcome = await this.hazards.find(meta, { observation, grid, finder: recorded.actor });
    if (isRefusal(outcome)) throw new Error(`${observation} opens none: ${outcome.refused}`);
  }
}
