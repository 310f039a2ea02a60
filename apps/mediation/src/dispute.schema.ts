import { ArgsType, Directive, Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsOptional } from 'class-validator';
import { connectionType, Day, DeadlineNode, PageArgs, Position, Time } from '#libs/service';
import {
  type DisputeType,
  disputeTypeField,
  type Route,
  routeField,
  type TermName,
  termNameField,
} from './dispute.events.js';
import type { DisputeStatus } from './disputes.view.js';

/** Marks the GraphQL types of this service. */
export class MediationTypes {}

const registerIn = () => MediationTypes;

export const DisputeTypes = disputeTypeField.enum;
export const Routes = routeField.enum;
export const TermNames = termNameField.enum;
const DisputeStatuses: Readonly<Record<DisputeStatus, DisputeStatus>> = {
  CONSENT_PENDING: 'CONSENT_PENDING',
  NOT_ACCEPTED: 'NOT_ACCEPTED',
  ACCEPTED: 'ACCEPTED',
  ASSIGNED: 'ASSIGNED',
  MEDIATING: 'MEDIATING',
  SETTLED: 'SETTLED',
  TERMINATED: 'TERMINATED',
};
export const DisputeFilters = {
  OPEN: 'OPEN',
  CLOSED: 'CLOSED',
  TERM_PASSED: 'TERM_PASSED',
} as const;

registerEnumType(DisputeTypes, {
  name: 'DisputeType',
  description: '纠纷类型: as mediation statistics count them.',
});
registerEnumType(Routes, {
  name: 'Route',
  description: '其他途径: arbitration, administrative handling, court.',
});
registerEnumType(DisputeStatuses, {
  name: 'DisputeStatus',
  description: '纠纷状态: where a dispute stands.',
});
registerEnumType(DisputeFilters, {
  name: 'DisputeFilter',
  description:
    'OPEN while something is still to be decided, CLOSED after that; TERM_PASSED: open, and its ' +
    'time has passed.',
});

registerEnumType(TermNames, {
  name: 'DisputeTermName',
  description: '期限种类: the time to say whether one wants mediation, or the time to mediate in.',
});

@Directive('@key(fields: "code")')
@ObjectType('Area', { registerIn })
export class AreaStub {
  @Field(() => ID)
  code: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Holder', { registerIn })
export class MediatorStub {
  @Field(() => ID)
  id: string;
}

@ObjectType('Party', { description: '当事人: one side of a dispute.', registerIn })
export class PartyNode {
  @Field(() => ID, { description: 'Made for this dispute; nothing links a party across disputes.' })
  id: string;

  @Field(() => Boolean, { description: 'Whether this party has agreed to mediation.' })
  consented: boolean;
}

@ObjectType('MediationSession', { description: '调解记录: one session.', registerIn })
export class SessionNode {
  @Field(() => Time)
  heldAt: string;
}

@ObjectType('DisputeReturn', {
  description: '退回: its mediator left the post, so that it had to be assigned again.',
  registerIn,
})
export class ReturnNode {
  @Field(() => Time)
  at: string;

  @Field(() => MediatorStub, { description: 'Who mediated until then.' })
  mediator: MediatorStub;
}

@ObjectType('DisputeMove', {
  description: '随迁: the dispute went along with its grid.',
  registerIn,
})
export class MoveNode {
  @Field(() => ID)
  from: string;

  @Field(() => ID)
  to: string;

  @Field(() => Time)
  at: string;
}

@ObjectType('DisputeTerm', {
  description: '期限: the time that runs, or the last one that ran. When it passes nothing ends.',
  registerIn,
})
export class DisputeTermNode extends DeadlineNode {
  @Field(() => TermNames)
  name: TermName;

  @Field(() => Boolean, { description: 'Whether it passed before anything came of it.' })
  passed: boolean;
}

@ObjectType('Agreement', { description: '调解协议: signed by every party.', registerIn })
export class AgreementNode {
  @Field(() => Day, { description: 'The day by which it is to be performed.' })
  performBy: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Dispute', {
  description: '纠纷: a disagreement that people ask a mediator to settle.',
  registerIn,
})
export class DisputeNode {
  @Field(() => ID)
  id: string;

  @Field(() => DisputeTypes)
  type: DisputeType;

  @Field(() => DisputeStatuses)
  status: DisputeStatus;

  @Field(() => Time)
  reportedAt: string;

  @Field(() => Time, {
    nullable: true,
    description:
      'The end of the time to mediate in; null until every party has agreed, and while it is paused.',
  })
  dueAt: string | null;

  @Field(() => [MoveNode], { description: 'Each time its grid was closed into another.' })
  moves: readonly MoveNode[];

  @Field(() => [Routes], { description: 'The other routes that the parties were told of.' })
  routesTold: readonly Route[];
}

export const DisputeConnection = connectionType('Dispute', () => DisputeNode, registerIn);

@ArgsType()
export class DisputesArgs extends PageArgs {
  @Field(() => DisputeFilters, { nullable: true, description: 'All of them when left out.' })
  @IsOptional()
  @IsEnum(DisputeFilters)
  status?: keyof typeof DisputeFilters | null;
}

@ObjectType('DisputePayload', { description: 'The dispute after the command.', registerIn })
export class DisputePayload {
  @Field(() => DisputeNode)
  dispute: DisputeNode;

  @Field(() => Position)
  position: string;
}
