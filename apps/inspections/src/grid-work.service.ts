import { Injectable } from '@nestjs/common';
import type { AreaCode } from '#libs/contracts';
import { isRefusal } from '#libs/event';
import type { CommandMeta } from '#libs/event-log';
import { GridWork } from '#libs/service';
import { LiveViews } from '#libs/views';
import { HazardService } from './hazard.service.js';
import { hazardsView } from './hazards.view.js';
import { PlaceService } from './place.service.js';
import { placesView } from './places.view.js';

const PLACE = 'place:';
const HAZARD = 'hazard:';

/** What inspections has to do in a grid: places in use, then hazards that are open. */
@Injectable()
export class InspectionsGridWork extends GridWork {
  override readonly service = 'inspections';

  constructor(
    private readonly places: PlaceService,
    private readonly hazards: HazardService,
    private readonly views: LiveViews,
  ) {
    super();
  }

  override async openIn(grid: AreaCode): Promise<readonly string[]> {
    const equals = { open: true, grid };
    const places = await this.views.findAll(placesView, {
      equals,
      orderBy: ['registeredAt', 'id'],
    });
    const hazards = await this.views.findAll(hazardsView, { equals, orderBy: ['foundAt', 'id'] });
    return [...places.map(({ id }) => PLACE + id), ...hazards.map(({ id }) => HAZARD + id)];
  }

  override async move(meta: CommandMeta, id: string, to: AreaCode): Promise<void> {
    const outcome = id.startsWith(PLACE)
      ? await this.places.move(meta, { place: id.slice(PLACE.length), to })
      : await this.hazards.move(meta, { hazard: id.slice(HAZARD.length), to });
    if (isRefusal(outcome)) throw new Error(`${id} is not moved: ${outcome.refused}`);
  }
}
