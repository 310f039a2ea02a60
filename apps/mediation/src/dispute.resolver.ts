import { Args, Parent, Query, ResolveField, Resolver, ResolveReference } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { prefixOf } from '#libs/contracts';
import { refuse } from '#libs/event';
import {
  Acting,
  areaCodeOf,
  authorise,
  authoriseListed,
  deadlineNode,
  type Language,
  pageOf,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
  Speaking,
} from '#libs/service';
import { disputeRefusals } from './dispute.refusals.js';
import {
  AreaStub,
  DisputeConnection,
  DisputeNode,
  DisputesArgs,
  DisputeTermNode,
  MediatorStub,
} from './dispute.schema.js';
import { type DisputeRow, disputesView } from './disputes.view.js';

@Resolver(() => DisputeNode)
export class DisputeResolver {
  @Query(() => DisputeNode, { nullable: true, description: '纠纷: one dispute.' })
  dispute(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<DisputeRow> {
    return readable(views, actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<DisputeRow> {
    return readable(views, actor, id);
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

  @ResolveField(() => DisputeTermNode, {
    nullable: true,
    description: 'The time that runs now, and why it ends when it does.',
  })
  term(@Parent() { term }: DisputeRow, @Speaking() language: Language): DisputeTermNode | null {
    if (term === null) return null;
    return { name: term.name, passed: term.passed, ...deadlineNode(term.due, language) };
  }
}

async function readable(views: Reading, actor: Actor, id: string): Promise<DisputeRow> {
  const authoriseToday = ({ grid }: DisputeRow): void => authorise(actor, 'area.read', grid);
  const row = await views.record(disputesView, id, authoriseToday);
  if (row !== undefined) return row;
  throw refusalError(refuse('DisputeNotFound', { dispute: id.slice(0, 40) }), disputeRefusals);
}

const FILTERS = {
  OPEN: { open: true },
  CLOSED: { open: false },
  TERM_PASSED: { termPassed: true },
} as const;

@Resolver(() => AreaStub)
export class AreaDisputesResolver {
  @ResolveReference()
  resolveReference({ code }: { code: string }): AreaStub {
    return { code: areaCodeOf(code) };
  }

  @ResolveField(() => DisputeConnection, {
    nullable: true,
    description: 'The disputes of this area and of everything under it, oldest first.',
  })
  async disputes(
    @Parent() { code }: AreaStub,
    @Args() { status, ...asked }: DisputesArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<InstanceType<typeof DisputeConnection>> {
    const area = areaCodeOf(code);
    authorise(actor, 'area.read', area);
    const selection = {
      under: { field: 'grid', prefix: prefixOf(area) },
      ...(status == null ? {} : { equals: FILTERS[status] }),
      orderBy: ['reportedAt', 'id'],
    } as const;
    const page = await pageOf(views, disputesView, selection, asked);
    const listed = { area, selection, nodes: page.nodes };
    await authoriseListed(views, disputesView, listed, ({ grid }) =>
      authorise(actor, 'area.read', grid),
    );
    return page;
  }
}
