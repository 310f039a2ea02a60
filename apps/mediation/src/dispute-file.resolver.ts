import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { Sealing } from '#libs/privacy';
import { Acting, authorise } from '#libs/service';
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
 * What a dispute tells of people: shown only to those who work on disputes there, and opened field
 * by field, so that nothing is read that was not asked for.
 */
@Resolver(() => DisputeNode)
export class DisputeFileResolver {
  constructor(private readonly sealing: Sealing) {}

  @ResolveField(() => String, mayBeGone)
  facts(@Parent() row: DisputeRow, @Acting() actor: Actor): string | null {
    const { facts } = file(actor, row);
    return this.sealing.open(facts)?.text ?? null;
  }

  @ResolveField(() => [PartyNode], { nullable: true })
  parties(@Parent() row: DisputeRow, @Acting() actor: Actor): readonly PartyRow[] {
    return file(actor, row).parties;
  }

  @ResolveField(() => [SessionNode], { nullable: true })
  sessions(@Parent() row: DisputeRow, @Acting() actor: Actor): readonly SessionRow[] {
    return file(actor, row).sessions;
  }

  @ResolveField(() => AgreementNode, { nullable: true })
  agreement(@Parent() row: DisputeRow, @Acting() actor: Actor): AgreementRow | null {
    return file(actor, row).agreement;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why it ended without agreement; null also once it was erased.',
  })
  endReason(@Parent() row: DisputeRow, @Acting() actor: Actor): string | null {
    const { endReason } = file(actor, row);
    return endReason && (this.sealing.open(endReason)?.text ?? null);
  }

  @ResolveField(() => [ReturnNode], {
    nullable: true,
    description: 'Each time the dispute had to be assigned again.',
  })
  returns(@Parent() row: DisputeRow, @Acting() actor: Actor): readonly ReturnNode[] {
    const { returns } = file(actor, row);
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

function file(actor: Actor, row: DisputeRow): DisputeRow {
  authorise(actor, 'dispute.read', row.grid);
  return row;
}
