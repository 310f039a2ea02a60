import { Args, ID, Parent, Query, ResolveField, Resolver, ResolveReference } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { prefixOf } from '#libs/contracts';
import { refuse } from '#libs/event';
import { Acting, areaCodeOf, authorise, pageOf, refusalError } from '#libs/service';
import { LiveViews } from '#libs/views';
import { disputeRefusals } from './dispute.refusals.js';
import {
  AgreementNode,
  AreaStub,
  DisputeConnection,
  DisputeNode,
  DisputesArgs,
  MediatorStub,
  PartyNode,
  ReturnNode,
  SessionNode,
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

  @ResolveField(() => String, { nullable: true })
  facts(@Parent() row: DisputeRow, @Acting() actor: Actor): string {
    return this.file(actor, row).facts;
  }

  @ResolveField(() => [PartyNode], { nullable: true })
  parties(@Parent() row: DisputeRow, @Acting() actor: Actor): readonly PartyNode[] {
    return this.file(actor, row).parties;
  }

  @ResolveField(() => [SessionNode], { nullable: true })
  sessions(@Parent() row: DisputeRow, @Acting() actor: Actor): readonly SessionNode[] {
    return this.file(actor, row).sessions;
  }

  @ResolveField(() => AgreementNode, { nullable: true })
  agreement(@Parent() row: DisputeRow, @Acting() actor: Actor): AgreementNode | null {
    return this.file(actor, row).agreement;
  }

  @ResolveField(() => String, { nullable: true, description: 'Why it ended without agreement.' })
  endReason(@Parent() row: DisputeRow, @Acting() actor: Actor): string | null {
    return this.file(actor, row).endReason;
  }

  @ResolveField(() => [ReturnNode], {
    nullable: true,
    description: 'Each time the dispute had to be assigned again.',
  })
  returns(@Parent() row: DisputeRow, @Acting() actor: Actor): readonly ReturnNode[] {
    return this.file(actor, row).returns;
  }

  /** What tells of people is shown only to those who work on disputes there. */
  private file(actor: Actor, row: DisputeRow): DisputeRow {
    authorise(actor, 'dispute.read', row.grid);
    return row;
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
