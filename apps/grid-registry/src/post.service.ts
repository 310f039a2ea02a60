import { Injectable } from '@nestjs/common';
import { type AreaCode, COUNTRY, levelOf } from '#libs/contracts';
import { type CommandMeta, Commands, type Loaded, type Streams } from '#libs/event-log';
import { Clock, newId } from '#libs/service';
import { type Area, areas } from './area.js';
import { type Grid, grids } from './grid.js';
import {
  appointHolder,
  createPost,
  movePost,
  type MovePost,
  type CreatePost,
  posts,
  releaseHolder,
  type AppointHolder,
  type ReleaseHolder,
} from './post.js';

@Injectable()
export class PostService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  create(meta: CommandMeta, command: Omit<CreatePost, 'at' | 'post'>) {
    const id = newId();
    return this.commands.execute(meta, async (streams) => {
      const post = await streams.load(posts, id);
      const place = await loadPlace(streams, command.area);
      const request = { ...command, post: id, at: this.clock.now() };
      return streams.record(post, createPost(request, post.state, place.state));
    });
  }

  appoint(meta: CommandMeta, command: Omit<AppointHolder, 'at' | 'holder'>) {
    const holder = newId();
    return this.commands.execute(meta, async (streams) => {
      const post = await streams.load(posts, command.post);
      const area = post.state.status === 'none' ? COUNTRY : post.state.area;
      const place = await loadPlace(streams, area);
      const request = { ...command, holder, at: this.clock.now() };
      return streams.record(post, appointHolder(request, post.state, place.state));
    });
  }

  move(meta: CommandMeta, command: Omit<MovePost, 'at'>) {
    return this.commands.execute(meta, async (streams) => {
      const post = await streams.load(posts, command.post);
      return streams.record(post, movePost({ ...command, at: this.clock.now() }, post.state));
    });
  }

  release(meta: CommandMeta, command: Omit<ReleaseHolder, 'at'>) {
    return this.commands.execute(meta, async (streams) => {
      const post = await streams.load(posts, command.post);
      const request = { ...command, at: this.clock.now() };
      return streams.record(post, releaseHolder(request, post.state));
    });
  }
}

/** The area or the grid that a post is for. */
function loadPlace(streams: Streams, area: AreaCode): Promise<Loaded<Area | Grid>> {
  return levelOf(area) === 'GRID' ? streams.load(grids, area) : streams.load(areas, area);
}
