import { Injectable } from '@nestjs/common';
import type { AreaCode } from '#libs/contracts';
import { isRefusal } from '#libs/event';
import type { CommandMeta } from '#libs/event-log';
import { GridWork } from '#libs/service';
import { LiveViews } from '#libs/views';
import { HazardService } from './hazard.service.js';
import { type HazardRow, hazardsView } from './hazards.view.js';
import { PlaceService } from './place.service.js';
import { type PlaceRow, placesView } from './places.view.js';

const PAGE = 200;
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
    const places = await everyRow<PlaceRow>((last) =>
      this.views.find(placesView, {
        equals,
        orderBy: ['registeredAt', 'id'],
        ...(last && { after: [last.registeredAt, last.id] }),
        limit: PAGE,
      }),
    );
    const hazards = await everyRow<HazardRow>((last) =>
      this.views.find(hazardsView, {
        equals,
        orderBy: ['foundAt', 'id'],
        ...(last && { after: [last.foundAt, last.id] }),
        limit: PAGE,
      }),
    );
    return [...places.map(({ id }) => PLACE + id), ...hazards.map(({ id }) => HAZARD + id)];
  }

  override async move(meta: CommandMeta, id: string, to: AreaCode): Promise<void> {
    const outcome = id.startsWith(PLACE)
      ? await this.places.move(meta, { place: id.slice(PLACE.length), to })
      : await this.hazards.move(meta, { hazard: id.slice(HAZARD.length), to });
    if (isRefusal(outcome)) throw new Error(`${id} is not moved: ${outcome.refused}`);
  }
}

async function everyRow<Row>(
  page: (last: Row | undefined) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const next = await page(rows.at(-1));
    rows.push(...next);
    if (next.length < PAGE) return rows;
  }
}
