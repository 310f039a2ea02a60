import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Opening, OpenWith } from '#libs/service';
import {
  AgreementNode,
  DisputeNode,
  PartyNode,
  ReturnNode,
  SessionNode,
} from './dispute.schema.js';
import type { AgreementRow, DisputeRow, PartyRow, SessionRow } from './disputes.view.js';

const mayBeGone = { nullable: true, description: 'Null once it was erased.' };

/**
 * What a dispute tells of people: the guards show it only to those who work on it, and it is opened
 * field by field, so that nothing is read that was not asked for.
 */
@Resolver(() => DisputeNode)
export class DisputeFileResolver {
  @ResolveField(() => String, mayBeGone)
  facts(@Parent() { facts }: DisputeRow, @OpenWith() opening: Opening): string | null {
    return opening.open(facts)?.text ?? null;
  }

  @ResolveField(() => [PartyNode], { nullable: true })
  parties(@Parent() { parties }: DisputeRow): readonly PartyRow[] {
    return parties;
  }

  @ResolveField(() => [SessionNode], { nullable: true })
  sessions(@Parent() { sessions }: DisputeRow): readonly SessionRow[] {
    return sessions;
  }

  @ResolveField(() => AgreementNode, { nullable: true })
  agreement(@Parent() { agreement }: DisputeRow): AgreementRow | null {
    return agreement;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why it ended without agreement; null also once it was erased.',
  })
  endReason(@Parent() { endReason }: DisputeRow, @OpenWith() opening: Opening): string | null {
    return endReason && (opening.open(endReason)?.text ?? null);
  }

  @ResolveField(() => [ReturnNode], {
    nullable: true,
    description: 'Each time the dispute had to be assigned again.',
  })
  returns(@Parent() { returns }: DisputeRow): readonly ReturnNode[] {
    return returns.map(({ at, mediator }) => ({ at, mediator: { id: mediator } }));
  }
}

@Resolver(() => PartyNode)
export class PartyResolver {
  @ResolveField(() => String, mayBeGone)
  name(@Parent() { sealed }: PartyRow, @OpenWith() opening: Opening): string | null {
    return opening.open(sealed)?.name ?? null;
  }
}

@Resolver(() => SessionNode)
export class SessionResolver {
  @ResolveField(() => String, mayBeGone)
  summary(@Parent() { summary }: SessionRow, @OpenWith() opening: Opening): string | null {
    return opening.open(summary)?.text ?? null;
  }
}

@Resolver(() => AgreementNode)
export class AgreementResolver {
  @ResolveField(() => String, mayBeGone)
  terms(@Parent() { terms }: AgreementRow, @OpenWith() opening: Opening): string | null {
    return opening.open(terms)?.text ?? null;
  }
}
