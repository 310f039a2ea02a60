import {
  Args,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import type { Action, Actor } from '#libs/access';
import { type AreaCode, type PostKind, prefixOf } from '#libs/contracts';
import { refuse, type Refusal } from '#libs/event';
import { type Done, positionText } from '#libs/event-log';
import {
  Acting,
  areaCodeOf,
  authorise,
  authoriseListed,
  type CommandInput,
  commandMeta,
  doneOf,
  Opening,
  OpenWith,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
  requestRefusals,
} from '#libs/service';
import { LiveViews } from '#libs/views';
import { AreaNode, PostsArgs } from './area.schema.js';
import { areasView } from './areas.view.js';
import { type HolderRow, holdersView } from './holders.view.js';
import { postRefusals } from './post.refusals.js';
import type { PostRefusal } from './post.js';
import {
  AppointHolderInput,
  CreatePostInput,
  HolderNode,
  PostNode,
  PostPayload,
  ReleaseHolderInput,
} from './post.schema.js';
import { PostService } from './post.service.js';
import { type PostRow, postsView } from './posts.view.js';

/** Who may fill a post depends on what its holder may do then. */
const MANAGES: Readonly<Record<PostKind, Action>> = {
  GRID_WORKER: 'post.manage',
  GRID_LEADER: 'post.manage',
  MEDIATOR: 'post.manage',
  COMMUNITY_POLICE_OFFICER: 'post.manage',
  RESIDENT_AUXILIARY: 'post.manage',
  TEAM_LEADER: 'post.manage',
  COMMITTEE_CHAIR: 'office.manage',
  INSPECTOR: 'office.manage',
  TOWNSHIP_DESK: 'office.manage',
  COUNTY_SUPERVISOR: 'county.manage',
};

type Outcome = Done | Refusal<PostRefusal | 'CommandIdReused'>;

@Resolver(() => PostNode)
export class PostResolver {
  constructor(
    private readonly posts: PostService,
    private readonly views: LiveViews,
  ) {}

  @Query(() => PostNode, { nullable: true, description: '岗位: one post.' })
  post(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<PostRow> {
    return readable(views, actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<PostRow> {
    return readable(views, actor, id);
  }

  @ResolveField(() => AreaNode, { description: 'The area or grid that the post is for.' })
  async area(@Parent() { area }: PostRow, @ReadFrom() views: Reading): Promise<AreaNode> {
    const found = await views.get(areasView, area);
    if (found === undefined) throw new Error(`a post names the area ${area}, which is in no view`);
    return found;
  }

  @Mutation(() => PostPayload, { nullable: true, description: '设岗: create a post in an area.' })
  async createPost(
    @Args('input') input: CreatePostInput,
    @Acting() actor: Actor,
  ): Promise<PostPayload> {
    const area = areaCodeOf(input.area);
    authorise(actor, MANAGES[input.kind], area);
    const meta = commandMeta(actor, 'createPost', input);
    return this.answer(await this.posts.create(meta, { kind: input.kind, area }));
  }

  @Mutation(() => PostPayload, {
    nullable: true,
    description: '任命: appoint somebody to a vacant post.',
  })
  async appointHolder(
    @Args('input') input: AppointHolderInput,
    @Acting() actor: Actor,
  ): Promise<PostPayload> {
    const meta = await this.manage(actor, 'appointHolder', input);
    const { postId: post, name, account } = input;
    const command = { post, name, ...(account != null && { account }) };
    return this.answer(await this.posts.appoint(meta, command));
  }

  @Mutation(() => PostPayload, {
    nullable: true,
    description: '免去: release the holder of a post; a mediator’s disputes are assigned again.',
  })
  async releaseHolder(
    @Args('input') input: ReleaseHolderInput,
    @Acting() actor: Actor,
  ): Promise<PostPayload> {
    const meta = await this.manage(actor, 'releaseHolder', input);
    const command = { post: input.postId, reason: input.reason };
    return this.answer(await this.posts.release(meta, command));
  }

  private async manage(actor: Actor, name: string, input: CommandInput & { postId: string }) {
    const { area, kind } = await this.postAt(input.postId);
    authorise(actor, MANAGES[kind], area);
    return commandMeta(actor, name, input);
  }

  private async answer(outcome: Outcome): Promise<PostPayload> {
    const { events, position } = doneOf(outcome, postRefusals);
    const [recorded] = events;
    if (recorded === undefined) throw new Error('a post command always changes its post');
    const post = await this.postAt(recorded.stream.slice('post-'.length));
    return { post, position: positionText('grid-registry', position) };
  }

  private async postAt(id: string): Promise<PostRow> {
    return found(id, await this.views.get(postsView, id));
  }
}

async function readable(views: Reading, actor: Actor, id: string): Promise<PostRow> {
  const authoriseToday = ({ area }: PostRow): void => authorise(actor, 'area.read', area);
  return found(id, await views.record(postsView, id, authoriseToday));
}

function found(id: string, post: PostRow | undefined): PostRow {
  if (post !== undefined) return post;
  throw refusalError(refuse('PostNotFound', { post: id.slice(0, 40) }), postRefusals);
}

@Resolver(() => AreaNode)
export class AreaPostsResolver {
  @ResolveField(() => [PostNode], {
    nullable: true,
    description: 'The posts of this area and of everything under it, by area.',
  })
  async posts(
    @Parent() { code }: AreaNode,
    @Args() { first, after }: PostsArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<readonly PostRow[]> {
    authorise(actor, 'area.read', code);
    const posts = await views.find(postsView, {
      ...postsUnder(code),
      ...(after != null && { after: await placeOf(views, after) }),
      limit: first,
    });
    await authorisePosts(views, actor, { area: code, nodes: posts });
    return posts;
  }

  @ResolveField(() => Int, { nullable: true, description: 'How many posts there are in all.' })
  async postCount(
    @Parent() { code }: AreaNode,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<number> {
    authorise(actor, 'area.read', code);
    await authorisePosts(views, actor, { area: code, nodes: [] });
    return views.count(postsView, { under: { field: 'area', prefix: prefixOf(code) } });
  }
}

const postsUnder = (code: AreaCode) =>
  ({ under: { field: 'area', prefix: prefixOf(code) }, orderBy: ['area', 'id'] }) as const;

function authorisePosts(
  views: Reading,
  actor: Actor,
  listed: { readonly area: AreaCode; readonly nodes: readonly PostRow[] },
): Promise<void> {
  const selection = postsUnder(listed.area);
  return authoriseListed(views, postsView, { ...listed, selection }, ({ area }) =>
    authorise(actor, 'area.read', area),
  );
}

/** Where a page ended; an unknown post must not start the list again from its beginning. */
async function placeOf(views: Reading, id: string): Promise<readonly string[]> {
  const post = await views.get(postsView, id);
  if (post === undefined) throw refusalError(refuse('CursorInvalid'), requestRefusals);
  return [post.area, post.id];
}

@Resolver(() => HolderNode)
export class HolderResolver {
  @ResolveReference()
  async resolveReference(
    @Parent() { id }: { id: string },
    @ReadFrom() views: Reading,
  ): Promise<HolderRow | null> {
    return (await views.get(holdersView, id)) ?? null;
  }

  @ResolveField(() => String, { nullable: true, description: 'Null once the holder was erased.' })
  name(@Parent() { sealed }: HolderRow, @OpenWith() opening: Opening): string | null {
    return opening.open(sealed)?.name ?? null;
  }
}
