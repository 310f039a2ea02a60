import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { GridClosingPublishedEvent, GridRegistryPublishedEvent } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import type { CommandMeta } from '#libs/event-log';
import { GridWork } from './grid-work.js';
import { KnownGridService } from './known-grid.service.js';
import { reactionMeta } from './reaction-meta.js';

type RegistryEvent = GridRegistryPublishedEvent | GridClosingPublishedEvent;
type Published<Type extends RegistryEvent['type']> = Recorded<
  Extract<RegistryEvent, { type: Type }>
>;

/**
 * How a service takes part when grids open, are renamed and close (docs/decisions/0005): it takes
 * work in an open grid; when one closes it takes no more there, moves what is open to the first
 * successor, and answers the registry. Each step may be repeated after a crash.
 */
@Controller()
export class GridWorkReaction {
  constructor(
    private readonly grids: KnownGridService,
    private readonly work: GridWork,
  ) {}

  @EventPattern('grid-registry.GridOpened')
  async opened(@Payload() recorded: Published<'GridOpened'>): Promise<void> {
    const { grid, name } = recorded.event;
    await this.grids.admit(this.meta(recorded, 'admitGrid'), { grid, name });
  }

  @EventPattern('grid-registry.GridRenamed')
  async renamed(@Payload() recorded: Published<'GridRenamed'>): Promise<void> {
    const { grid, name } = recorded.event;
    await this.grids.name(this.meta(recorded, 'nameGrid'), { grid, name });
  }

  @EventPattern('grid-registry.GridClosing')
  async closing(@Payload() recorded: Published<'GridClosing'>): Promise<void> {
    const { grid, closing, successors } = recorded.event;
    // From here on nothing new can be committed in the grid: what is open now is all there is.
    await this.grids.shut(this.meta(recorded, 'shutGrid'), { grid, closing, successors });
    const work = await this.work.openIn(grid);
    const [successor] = successors;
    if (successor !== undefined) {
      const meta = this.meta(recorded, 'admitGrid', successor);
      await this.grids.admit(meta, { grid: successor, name: null });
      for (const id of work) {
        await this.work.move(this.meta(recorded, 'moveWork', id), id, successor);
      }
    }
    const open = successor === undefined ? work.length : 0;
    await this.grids.answer(this.meta(recorded, 'answerClosing'), { grid, closing, open });
  }

  @EventPattern('grid-registry.GridRetirementRefused')
  async refused(@Payload() recorded: Published<'GridRetirementRefused'>): Promise<void> {
    const { grid, closing } = recorded.event;
    await this.grids.reopen(this.meta(recorded, 'reopenGrid'), { grid, closing });
  }

  private meta(recorded: Recorded, command: string, target = ''): CommandMeta {
    return reactionMeta(this.work.service, recorded, command, target);
  }
}
