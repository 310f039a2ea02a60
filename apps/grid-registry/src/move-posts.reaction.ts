import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { AreaCode } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { reactionMeta } from '#libs/service';
import { LiveViews } from '#libs/views';
import type { GridEvent } from './grid.events.js';
import { GridService } from './grid.service.js';
import { PostService } from './post.service.js';
import { type PostRow, postsView } from './posts.view.js';

type GridClosing = Extract<GridEvent, { type: 'GridClosing' }>;

/** A grid is closing: its posts go along, and the registry answers for them like any service. */
@Controller()
export class MovePostsReaction {
  constructor(
    private readonly grids: GridService,
    private readonly posts: PostService,
    private readonly views: LiveViews,
  ) {}

  @EventPattern('grid-registry.GridClosing')
  async on(@Payload() recorded: Recorded<GridClosing>): Promise<void> {
    const { grid, closing, successors } = recorded.event;
    const [successor] = successors;
    const posts = await this.postsOf(grid);
    for (const { id } of successor === undefined ? [] : posts) {
      const meta = reactionMeta('grid-registry', recorded, 'movePost', id);
      await this.posts.move(meta, { post: id, area: successor ?? grid });
    }
    const open = successor === undefined ? posts.filter(({ holder }) => holder !== null).length : 0;
    const meta = reactionMeta('grid-registry', recorded, 'recordGridWork');
    await this.grids.recordWork(meta, { grid, closing, service: 'grid-registry', open });
  }

  private postsOf(grid: AreaCode): Promise<readonly PostRow[]> {
    return this.views.findAll(postsView, { equals: { area: grid }, orderBy: ['area', 'id'] });
  }
}
