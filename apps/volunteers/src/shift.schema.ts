import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, Position, Time } from '#libs/service';
import type { PatrolStatus } from './patrols.view.js';
import { type ShiftRisk, shiftRiskField } from './shift.events.js';

/** Marks the GraphQL types of this service. */
export class VolunteersTypes {}

const registerIn = () => VolunteersTypes;

export const ShiftRisks = shiftRiskField.enum;
const PatrolStatuses: Readonly<Record<PatrolStatus, PatrolStatus>> = {
  PUBLISHED: 'PUBLISHED',
  CLAIMED: 'CLAIMED',
  CHECKED_IN: 'CHECKED_IN',
  CHECKED_OUT: 'CHECKED_OUT',
  CONFIRMED: 'CONFIRMED',
  CANCELLED: 'CANCELLED',
};

registerEnumType(ShiftRisks, {
  name: 'ShiftRisk',
  description: '班次风险: RISKY with possible danger; such a shift is for adults only.',
});
registerEnumType(PatrolStatuses, {
  name: 'PatrolStatus',
  description: '班次状态: where a shift stands.',
});

@Directive('@key(fields: "code")')
@ObjectType('Area', { registerIn })
export class AreaStub {
  @Field(() => ID)
  code: string;
}

@ObjectType('PatrolMove', {
  description: '移交: work went along to the successor of its grid.',
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

@Directive('@key(fields: "id")')
@ObjectType('Patrol', {
  description: '班次: a patrol in one grid from one time to another, for one volunteer.',
  registerIn,
})
export class PatrolNode {
  @Field(() => ID)
  id: string;

  @Field(() => Time)
  startsAt: string;

  @Field(() => Time)
  endsAt: string;

  @Field(() => ShiftRisks)
  risk: ShiftRisk;

  @Field(() => PatrolStatuses)
  status: PatrolStatus;

  @Field(() => Int, {
    nullable: true,
    description: '服务时长: confirmed minutes; null until then.',
  })
  minutes: number | null;

  @Field(() => [MoveNode], { description: 'Each time it went along when its grid was closed.' })
  moves: readonly MoveNode[];
}

export const PatrolConnection = connectionType('Patrol', () => PatrolNode, registerIn);

@ObjectType('ShiftPayload', { description: 'The shift after the command.', registerIn })
export class ShiftPayload {
  @Field(() => PatrolNode)
  shift: PatrolNode;

  @Field(() => Position)
  position: string;
}
