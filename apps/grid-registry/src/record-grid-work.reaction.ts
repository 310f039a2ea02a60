import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type GridWorkPublishedEvent, gridWorkServiceField } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import { GridService } from './grid.service.js';

/** A service has answered for its work in a closing grid: the last answer ends the closing. */
@Controller()
export class RecordGridWorkReaction {
  constructor(private readonly grids: GridService) {}

  @EventPattern([
    'mediation.GridWorkMoved',
    'mediation.GridWorkOpen',
    'volunteers.GridWorkMoved',
    'volunteers.GridWorkOpen',
    'inspections.GridWorkMoved',
    'inspections.GridWorkOpen',
  ])
  async on(@Payload() recorded: Recorded<GridWorkPublishedEvent>): Promise<void> {
    const { event, origin } = recorded;
    const { grid, closing } = event;
    const service = gridWorkServiceField.parse(origin);
    const open = event.type === 'GridWorkOpen' ? event.open : 0;
    const meta = reactionMeta('grid-registry', recorded, 'recordGridWork');
    await this.grids.recordWork(meta, { grid, closing, service, open });
  }
}
