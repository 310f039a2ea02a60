import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { Action, Actor } from '#libs/access';
import { levelOf, parseAreaCode } from '#libs/contracts';
import { refuse, type Refusal } from '#libs/event';
import { type CommandMeta, type Done, positionText } from '#libs/event-log';
import { Acting, authorise, commandMeta, doneOf, refusalError } from '#libs/service';
import { LiveViews } from '#libs/views';
import {
  AssignMediatorInput,
  type DisputeInput,
  EndMediationInput,
  ExtendTermInput,
  GiveConsentInput,
  PauseTermInput,
  RecordSessionInput,
  RefuseMediationInput,
  ReportDisputeInput,
  ResumeTermInput,
  SettleDisputeInput,
} from './dispute-commands.schema.js';
import type { DisputeRefusal } from './dispute.js';
import { disputeRefusals } from './dispute.refusals.js';
import { DisputePayload } from './dispute.schema.js';
import { DisputeService } from './dispute.service.js';
import { type DisputeRow, disputesView } from './disputes.view.js';

const answers = (description: string) => ({ nullable: true, description });

@Resolver()
export class DisputeCommandsResolver {
  constructor(
    private readonly disputes: DisputeService,
    private readonly views: LiveViews,
  ) {}

  @Mutation(() => DisputePayload, answers('登记纠纷: report a dispute in a grid.'))
  async reportDispute(
    @Args('input') input: ReportDisputeInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const grid = parseAreaCode(input.grid);
    if (grid === undefined || levelOf(grid) !== 'GRID') {
      throw refusalError(refuse('GridCodeMalformed', { code: input.grid }), disputeRefusals);
    }
    authorise(actor, 'dispute.report', grid);
    const { type: kind, facts } = input;
    const ask = { grid, kind, facts, parties: input.parties.map(({ name }) => name) };
    const meta = commandMeta(actor, 'reportDispute', input);
    return this.answer(await this.disputes.report(meta, ask));
  }

  @Mutation(() => DisputePayload, answers('同意调解: a party agrees to mediation.'))
  async giveConsent(
    @Args('input') input: GiveConsentInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.report', 'giveConsent', input);
    const ask = { dispute: dispute.id, party: input.partyId };
    return this.answer(await this.disputes.consent(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('拒绝调解: a party refuses, which stops mediation.'))
  async refuseMediation(
    @Args('input') input: RefuseMediationInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.report', 'refuseMediation', input);
    const ask = { dispute: dispute.id, party: input.partyId, routesTold: input.routesTold };
    return this.answer(await this.disputes.refuse(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('指派调解员: give an accepted dispute to a mediator.'))
  async assignMediator(
    @Args('input') input: AssignMediatorInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.assign', 'assignMediator', input);
    const ask = { dispute: dispute.id, mediator: input.mediatorId };
    return this.answer(await this.disputes.assign(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('记录调解: record a session.'))
  async recordSession(
    @Args('input') input: RecordSessionInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.mediate', 'recordSession', input);
    const heldAt = new Date(input.heldAt).toISOString();
    const ask = { dispute: dispute.id, heldAt, summary: input.summary };
    return this.answer(await this.disputes.recordSession(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('达成协议: settle by a written agreement.'))
  async settleDispute(
    @Args('input') input: SettleDisputeInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.mediate', 'settleDispute', input);
    const { terms, performBy, signedBy } = input;
    const ask = { dispute: dispute.id, terms, performBy, signedBy };
    return this.answer(await this.disputes.settle(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('终止调解: end without an agreement.'))
  async endMediation(
    @Args('input') input: EndMediationInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.mediate', 'endMediation', input);
    const ask = { dispute: dispute.id, reason: input.reason, routesTold: input.routesTold };
    return this.answer(await this.disputes.end(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('延长调解期限: all parties want more days.'))
  async extendTerm(
    @Args('input') input: ExtendTermInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.mediate', 'extendTerm', input);
    const ask = { dispute: dispute.id, agreedBy: input.agreedBy, days: input.days };
    return this.answer(await this.disputes.extendTerm(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('中止调解期限: all parties want its clock to stand.'))
  async pauseTerm(
    @Args('input') input: PauseTermInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.mediate', 'pauseTerm', input);
    const ask = { dispute: dispute.id, agreedBy: input.agreedBy };
    return this.answer(await this.disputes.pauseTerm(meta, ask), dispute);
  }

  @Mutation(() => DisputePayload, answers('恢复调解期限: its clock goes on.'))
  async resumeTerm(
    @Args('input') input: ResumeTermInput,
    @Acting() actor: Actor,
  ): Promise<DisputePayload> {
    const { meta, dispute } = await this.asked(actor, 'dispute.mediate', 'resumeTerm', input);
    return this.answer(await this.disputes.resumeTerm(meta, { dispute: dispute.id }), dispute);
  }

  /** The dispute that a command names, if the actor may do this there. */
  private async asked(
    actor: Actor,
    action: Action,
    name: string,
    input: DisputeInput,
  ): Promise<{ readonly meta: CommandMeta; readonly dispute: DisputeRow }> {
    const dispute = await this.disputeAt(input.disputeId);
    authorise(actor, action, { area: dispute.grid, assignee: dispute.mediator });
    return { meta: commandMeta(actor, name, input), dispute };
  }

  private async answer(
    outcome: Done | Refusal<DisputeRefusal | 'CommandIdReused'>,
    asked?: DisputeRow,
  ): Promise<DisputePayload> {
    const { events, position } = doneOf(outcome, disputeRefusals);
    const id = events[0]?.stream.slice('dispute-'.length) ?? asked?.id;
    if (id === undefined) throw new Error('a dispute command is always about a dispute');
    const dispute = await this.disputeAt(id);
    return { dispute, position: positionText('mediation', position) };
  }

  private async disputeAt(id: string): Promise<DisputeRow> {
    const row = await this.views.get(disputesView, id);
    if (row === undefined) {
      throw refusalError(refuse('DisputeNotFound', { dispute: id }), disputeRefusals);
    }
    return row;
  }
}
