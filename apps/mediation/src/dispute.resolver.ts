import { Args, ID, Parent, Query, ResolveField, Resolver, ResolveReference } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { prefixOf } from '#libs/contracts';
import { refuse } from '#libs/event';
import { Acting, areaCodeOf, authorise, pageOf, refusalError } from '#libs/service';
import { LiveViews } from '#libs/views';
import { disputeRefusals } from './dispute.refusals.js';
import {
  AreaStub,
  DisputeConnection,
  DisputeNode,
  DisputesArgs,
  MediatorStub,
} from './dispute.schema.js';
import { type DisputeRow, disputesView } from './disputes.view.js';

@Resolver(() => DisputeNode)
export class DisputeResolver {
  constructor(private readonly views: LiveViews) {}

  @Query(() => DisputeNode, { nullable: true, description: '纠纷: one dispute.' })
  dispute(@Args('id', { type: () => ID }) id: string, @Acting() actor: Actor): Promise<DisputeRow> {
    return this.readable(actor, id);
  }

  @ResolveReference()
  resolveReference(@Parent() { id }: { id: string }, @Acting() actor: Actor): Promise<DisputeRow> {
    return this.readable(actor, id);
  }

  @ResolveField(() => AreaStub, {
    description: 'The grid it belongs to; moves tells of others before.',
  })
  grid(@Parent() { grid }: DisputeRow): AreaStub {
    return { code: grid };
  }

  @ResolveField(() => MediatorStub, { nullable: true, description: 'Who mediates.' })
  mediator(@Parent() { mediator }: DisputeRow): MediatorStub | null {
    return mediator === null ? null : { id: mediator };
  }

  private async readable(actor: Actor, id: string): Promise<DisputeRow> {
    const row = await this.views.get(disputesView, id);
    if (row === undefined) {
      throw refusalError(refuse('DisputeNotFound', { dispute: id.slice(0, 40) }), disputeRefusals);
    }
    authorise(actor, 'area.read', row.grid);
    return row;
  }
}

@Resolver(() => AreaStub)
export class AreaDisputesResolver {
  constructor(private readonly views: LiveViews) {}

  @ResolveReference()
  resolveReference({ code }: { code: string }): AreaStub {
    return { code: areaCodeOf(code) };
  }

  @ResolveField(() => DisputeConnection, {
    nullable: true,
    description: 'The disputes of this area and of everything under it, oldest first.',
  })
  disputes(
    @Parent() { code }: AreaStub,
    @Args() { status, ...page }: DisputesArgs,
    @Acting() actor: Actor,
  ): Promise<InstanceType<typeof DisputeConnection>> {
    const area = areaCodeOf(code);
    authorise(actor, 'area.read', area);
    const selection = {
      under: { field: 'grid', prefix: prefixOf(area) },
      ...(status == null ? {} : { equals: { open: status === 'OPEN' } }),
      orderBy: ['reportedAt', 'id'],
    } as const;
    return pageOf(this.views, disputesView, selection, page);
  }
}
