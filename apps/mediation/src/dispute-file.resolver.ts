import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { Sealing } from '#libs/privacy';
import { Acting, authorise, Reading, ReadFrom } from '#libs/service';
import {
  AgreementNode,
  DisputeNode,
  PartyNode,
  ReturnNode,
  SessionNode,
} from './dispute.schema.js';
import {
  type AgreementRow,
  type DisputeRow,
  disputesView,
  type PartyRow,
  type SessionRow,
} from './disputes.view.js';

const mayBeGone = { nullable: true, description: 'Null once it was erased.' };

/**
 * What a dispute tells of people: shown only to those who work on disputes there, and opened field
 * by field, so that nothing is read that was not asked for.
 */
@Resolver(() => DisputeNode)
export class DisputeFileResolver {
  constructor(private readonly sealing: Sealing) {}

  @ResolveField(() => String, mayBeGone)
  async facts(
    @Parent() row: DisputeRow,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<string | null> {
    const { facts } = await file(views, actor, row);
    return this.sealing.open(facts)?.text ?? null;
  }

  @ResolveField(() => [PartyNode], { nullable: true })
  async parties(
    @Parent() row: DisputeRow,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<readonly PartyRow[]> {
    return (await file(views, actor, row)).parties;
  }

  @ResolveField(() => [SessionNode], { nullable: true })
  async sessions(
    @Parent() row: DisputeRow,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<readonly SessionRow[]> {
    return (await file(views, actor, row)).sessions;
  }

  @ResolveField(() => AgreementNode, { nullable: true })
  async agreement(
    @Parent() row: DisputeRow,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<AgreementRow | null> {
    return (await file(views, actor, row)).agreement;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why it ended without agreement; null also once it was erased.',
  })
  async endReason(
    @Parent() row: DisputeRow,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<string | null> {
    const { endReason } = await file(views, actor, row);
    return endReason && (this.sealing.open(endReason)?.text ?? null);
  }

  @ResolveField(() => [ReturnNode], {
    nullable: true,
    description: 'Each time the dispute had to be assigned again.',
  })
  async returns(
    @Parent() row: DisputeRow,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<readonly ReturnNode[]> {
    const { returns } = await file(views, actor, row);
    return returns.map(({ at, mediator }) => ({ at, mediator: { id: mediator } }));
  }
}

@Resolver(() => PartyNode)
export class PartyResolver {
  constructor(private readonly sealing: Sealing) {}

  @ResolveField(() => String, mayBeGone)
  name(@Parent() { sealed }: PartyRow): string | null {
    return this.sealing.open(sealed)?.name ?? null;
  }
}

@Resolver(() => SessionNode)
export class SessionResolver {
  constructor(private readonly sealing: Sealing) {}

  @ResolveField(() => String, mayBeGone)
  summary(@Parent() { summary }: SessionRow): string | null {
    return this.sealing.open(summary)?.text ?? null;
  }
}

@Resolver(() => AgreementNode)
export class AgreementResolver {
  constructor(private readonly sealing: Sealing) {}

  @ResolveField(() => String, mayBeGone)
  terms(@Parent() { terms }: AgreementRow): string | null {
    return this.sealing.open(terms)?.text ?? null;
  }
}

async function file(views: Reading, actor: Actor, row: DisputeRow): Promise<DisputeRow> {
  const { grid } = await views.todayOf(disputesView, row);
  authorise(actor, 'dispute.read', grid);
  return row;
}
