import {
  type AreaCode,
  type AreaLevel,
  type HolderDetails,
  levelOf,
  type PostKind,
  type Sealed,
  type StatedReason,
} from '#libs/contracts';
import { type Aggregate, type Decision, refuse, type Refusal } from '#libs/event';
import type { Area } from './area.js';
import { closedFacts, type Grid } from './grid.js';
import type { PostEvent } from './post.events.js';

interface PostFacts {
  readonly post: string;
  readonly kind: PostKind;
  readonly area: AreaCode;
}

/** 岗位: a duty in an area, held by one person at a time. */
export type Post =
  | { status: 'none' }
  | ({ status: 'vacant' } & PostFacts)
  | ({ status: 'held'; holder: string; account?: string } & PostFacts);

/** 设岗: create a post in an area. */
export interface CreatePost extends PostFacts {
  readonly at: string;
}

/** 任命: appoint somebody to a post; `holder` is an id for this appointment only. */
export interface AppointHolder {
  readonly post: string;
  readonly holder: string;
  readonly sealed: Sealed<HolderDetails>;
  /** Under which account the holder signs in; without one they get no rights by it. */
  readonly account?: string;
  readonly at: string;
}

/** 随迁岗位: a post goes along to the successor of its grid. */
export interface MovePost {
  readonly post: string;
  readonly area: AreaCode;
  readonly at: string;
}

/** 免去: release the holder of a post. */
export interface ReleaseHolder {
  readonly post: string;
  /** Null when the holder was erased. */
  readonly sealed: Sealed<StatedReason> | null;
  readonly at: string;
}

export type PostRefusal =
  | 'AreaNotFound'
  | 'GridClosed'
  | 'PostLevelWrong'
  | 'PostNotFound'
  | 'PostAlreadyHeld'
  | 'PostVacant'
  | 'AppointmentOwn';

/** At which level of area there is a post of each kind: nobody answers for more than their office. */
export const LEVELS_OF_POST: Readonly<Record<PostKind, readonly AreaLevel[]>> = {
  GRID_WORKER: ['VILLAGE', 'GRID'],
  GRID_LEADER: ['VILLAGE', 'GRID'],
  MEDIATOR: ['COUNTY', 'TOWNSHIP', 'VILLAGE', 'GRID'],
  COMMUNITY_POLICE_OFFICER: ['TOWNSHIP', 'VILLAGE', 'GRID'],
  RESIDENT_AUXILIARY: ['TOWNSHIP', 'VILLAGE', 'GRID'],
  TEAM_LEADER: ['TOWNSHIP', 'VILLAGE', 'GRID'],
  COMMITTEE_CHAIR: ['COUNTY', 'TOWNSHIP', 'VILLAGE'],
  INSPECTOR: ['COUNTY', 'TOWNSHIP', 'VILLAGE'],
  TOWNSHIP_DESK: ['TOWNSHIP'],
  COUNTY_SUPERVISOR: ['PREFECTURE', 'COUNTY'],
};

export const posts: Aggregate<Post, PostEvent> = {
  category: 'post',
  initial: { status: 'none' },
  evolve: (post, event) => {
    const { post: id, kind, area } = event;
    const facts = { post: id, kind, area };
    switch (event.type) {
      case 'PostCreated':
      case 'HolderReleased':
        return { status: 'vacant', ...facts };
      case 'HolderAppointed':
        return { status: 'held', ...facts, holder: event.holder, ...accountIn(event) };
      case 'PostMoved':
        return post.status === 'none' ? post : { ...post, area };
    }
  },
};

function accountIn({ account }: { readonly account?: string }): { readonly account?: string } {
  return account === undefined ? {} : { account };
}

/** `place` is the area or the grid that the post is for. */
export function createPost(
  command: CreatePost,
  post: Post,
  place: Area | Grid,
): Decision<PostEvent, PostRefusal> {
  if (post.status !== 'none') return [];
  if (place.status === 'none') return refuse('AreaNotFound', { code: command.area });
  const closed = notTaking(command.area, place);
  if (closed !== undefined) return closed;
  const levels = LEVELS_OF_POST[command.kind];
  if (!levels.includes(levelOf(command.area))) {
    return refuse('PostLevelWrong', { area: command.area, levels: levels.join(', ') });
  }
  return [{ type: 'PostCreated', ...command }];
}

/** Nobody gives or takes rights of their own: why the one with this account may not, if so. */
export function ownAppointment(
  by: string,
  account: string | undefined,
): Refusal<PostRefusal> | undefined {
  return by === account ? refuse('AppointmentOwn') : undefined;
}

/** `place` is the area or the grid that the post is for. */
export function appointHolder(
  command: AppointHolder,
  post: Post,
  place: Area | Grid,
): Decision<PostEvent, PostRefusal> {
  switch (post.status) {
    case 'none':
      return refuse('PostNotFound', { post: command.post });
    case 'held': // A repeated request must not appoint a second time.
      return post.holder === command.holder ? [] : refuse('PostAlreadyHeld', { post: post.post });
    case 'vacant': {
      // A post that goes along to a successor may be filled on its way; one that stays may not:
      // its grid would be retired with somebody in it.
      const stays = place.status === 'closing' && place.successors.length === 0;
      if (stays || place.status === 'retired') {
        return refuse('GridClosed', closedFacts(post.area, place.successors));
      }
      return [{ type: 'HolderAppointed', kind: post.kind, area: post.area, ...command }];
    }
  }
}

/** A vacant post moves too: the duty stays, whoever will hold it. */
export function movePost(command: MovePost, post: Post): readonly PostEvent[] {
  if (post.status === 'none' || post.area === command.area) return [];
  const { kind, area: from } = post;
  const held = post.status === 'held' ? post : undefined;
  const holder = held?.holder ?? null;
  return [{ type: 'PostMoved', ...command, kind, from, holder, ...accountIn(held ?? {}) }];
}

/** Why nothing new begins in a place: it is a grid that is closing or closed. */
function notTaking(code: AreaCode, place: Area | Grid): Refusal<PostRefusal> | undefined {
  if (place.status !== 'closing' && place.status !== 'retired') return undefined;
  return refuse('GridClosed', closedFacts(code, place.successors));
}

export function releaseHolder(
  command: ReleaseHolder,
  post: Post,
): Decision<PostEvent, PostRefusal> {
  switch (post.status) {
    case 'none':
      return refuse('PostNotFound', { post: command.post });
    case 'vacant':
      return refuse('PostVacant', { post: post.post });
    case 'held': {
      const { kind, area, holder } = post;
      return [{ type: 'HolderReleased', kind, area, holder, ...accountIn(post), ...command }];
    }
  }
}
