import { Injectable } from '@nestjs/common';
import {
  type AreaCode,
  COUNTRY,
  type HolderDetails,
  levelOf,
  type Sealed,
  type StatedReason,
} from '#libs/contracts';
import { type CommandMeta, Commands, type Loaded, type Streams } from '#libs/event-log';
import { Sealing, SubjectErased } from '#libs/privacy';
import { Clock, newId } from '#libs/service';
import { type Area, areas } from './area.js';
import { type Grid, grids } from './grid.js';
import {
  appointHolder,
  createPost,
  ownAppointment,
  movePost,
  type MovePost,
  type CreatePost,
  type Post,
  posts,
  releaseHolder,
  type AppointHolder,
  type ReleaseHolder,
} from './post.js';

type AskAppoint = Omit<AppointHolder, 'at' | 'holder' | 'sealed'> & HolderDetails;
type AskRelease = Omit<ReleaseHolder, 'at' | 'sealed'> & StatedReason;

@Injectable()
export class PostService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
    private readonly sealing: Sealing,
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

  appoint(meta: CommandMeta, { name, ...ask }: AskAppoint) {
    const holder = newId();
    return this.commands.execute(meta, async (streams) => {
      const post = await streams.load(posts, ask.post);
      const area = post.state.status === 'none' ? COUNTRY : post.state.area;
      const place = await loadPlace(streams, area);
      const sealed = this.sealing.seal(holder, { name });
      const request = { ...ask, holder, sealed, at: this.clock.now() };
      const own = ownAppointment(meta.actor, ask.account);
      return streams.record(post, own ?? appointHolder(request, post.state, place.state));
    });
  }

  move(meta: CommandMeta, command: Omit<MovePost, 'at'>) {
    return this.commands.execute(meta, async (streams) => {
      const post = await streams.load(posts, command.post);
      return streams.record(post, movePost({ ...command, at: this.clock.now() }, post.state));
    });
  }

  release(meta: CommandMeta, { reason, ...ask }: AskRelease) {
    return this.commands.execute(meta, async (streams) => {
      const post = await streams.load(posts, ask.post);
      const sealed = this.sealedReason(post.state, reason);
      const request = { ...ask, sealed, at: this.clock.now() };
      const account = post.state.status === 'held' ? post.state.account : undefined;
      const own = ownAppointment(meta.actor, account);
      return streams.record(post, own ?? releaseHolder(request, post.state));
    });
  }

  /** Under the holder; of who was erased nothing more is written down, though they can leave. */
  private sealedReason(post: Post, reason: string): Sealed<StatedReason> | null {
    if (post.status !== 'held') return null;
    try {
      return this.sealing.seal(post.holder, { reason });
    } catch (error) {
      if (error instanceof SubjectErased) return null;
      throw error;
    }
  }
}

/** The area or the grid that a post is for. */
function loadPlace(streams: Streams, area: AreaCode): Promise<Loaded<Area | Grid>> {
  return levelOf(area) === 'GRID' ? streams.load(grids, area) : streams.load(areas, area);
}
