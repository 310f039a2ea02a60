import {
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type PipeTransform,
} from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { type Actor, actorOf, type Grant } from '#libs/access';
import type { RequestContext } from './request-context.js';

/** More accounts than work at once; then the least is lost by beginning anew. */
const CACHED_MAX = 10_000;

export interface RightsSource {
  /** How many events the service's log has. */
  readonly head: () => Promise<number>;
  /** What an account may do, by what the service has recorded. */
  readonly grantsOf: (account: string) => Promise<readonly Grant[]>;
  /** Posts of which something was heard that this service could not take yet. */
  readonly uncertainPosts: () => Promise<ReadonlySet<string>>;
}

/**
 * Makes of who a request speaks for what they may do here, now: once for each request. What is kept
 * holds only as long as nothing more was recorded here, so that no release is missed.
 */
export class Actors {
  private readonly made = new WeakMap<RequestContext, Promise<Actor>>();
  private readonly cached = new Map<string, readonly Grant[]>();
  private cachedAt = -1;

  constructor(private readonly rights: RightsSource) {}

  of(context: RequestContext): Promise<Actor> {
    const made = this.made.get(context) ?? this.make(context);
    this.made.set(context, made);
    return made;
  }

  private async make({ identity, purpose }: RequestContext): Promise<Actor> {
    if (identity.kind !== 'person') return actorOf(identity, [], purpose);
    const [found, uncertain] = await Promise.all([
      this.found(identity.subject),
      this.rights.uncertainPosts(),
    ]);
    return actorOf(identity, found.filter(isCertain(uncertain)), purpose);
  }

  private async found(account: string): Promise<readonly Grant[]> {
    const head = await this.rights.head();
    if (head !== this.cachedAt || this.cached.size >= CACHED_MAX) this.cached.clear();
    this.cachedAt = head;
    const known = this.cached.get(account);
    if (known !== undefined) return known;
    const grants = await this.rights.grantsOf(account);
    // Recorded meanwhile: what was read may be of before it.
    if (this.cachedAt === head) this.cached.set(account, grants);
    return grants;
  }
}

/** What a post gives counts only while everything that was heard of the post was taken. */
const isCertain =
  (uncertain: ReadonlySet<string>) =>
  ({ source }: Grant): boolean =>
    source.kind !== 'appointment' || !uncertain.has(source.post);

/** Nest makes a pipe of its own for each module: it asks the one that the service was wired with. */
@Injectable()
export class ActingPipe implements PipeTransform<RequestContext, Promise<Actor>> {
  constructor(private readonly actors: Actors) {}

  transform(context: RequestContext): Promise<Actor> {
    return this.actors.of(context);
  }
}

const Asking = createParamDecorator((_: unknown, context: ExecutionContext): RequestContext =>
  GqlExecutionContext.create(context).getContext<RequestContext>(),
);

/** Who acts, with what they may do in this service, as a resolver's parameter. */
export const Acting = (): ParameterDecorator => Asking(ActingPipe);
