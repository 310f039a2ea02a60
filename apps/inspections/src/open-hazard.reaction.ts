import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { VolunteersPublishedEvent } from '#libs/contracts';
import { isRefusal, type Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import { HazardService } from './hazard.service.js';

type ObservationNoted = Extract<VolunteersPublishedEvent, { type: 'ObservationNoted' }>;

/** As long as the text of an event may be. */
const DESCRIPTION_MAX = 2000;

/** A patrol observed a fact at a place: it is a hazard until somebody has graded and settled it. */
@Controller()
export class OpenHazardReaction {
  constructor(private readonly hazards: HazardService) {}

  @EventPattern('volunteers.ObservationNoted')
  async on(@Payload() recorded: Recorded<ObservationNoted>): Promise<void> {
    const { observation, grid, place, fact } = recorded.event;
    const description = `${place}：${fact}`.slice(0, DESCRIPTION_MAX).toWellFormed();
    const meta = reactionMeta('inspections', recorded, 'openHazard');
    const ask = { observation, grid, description, finder: recorded.actor };
    const outcome = await this.hazards.find(meta, ask);
    if (isRefusal(outcome)) throw new Error(`${observation} opens none: ${outcome.refused}`);
  }
}
