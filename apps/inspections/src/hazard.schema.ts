import { ArgsType, Directive, Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsOptional } from 'class-validator';
import { connectionType, DeadlineNode, PageArgs, Position, Time } from '#libs/service';
import { type HazardGrade, hazardGradeField } from './hazard.events.js';
import type { HazardSource, HazardStatus } from './hazards.view.js';
import { GridMove, InspectionsTypes } from './place.schema.js';

const registerIn = () => InspectionsTypes;

export const HazardGrades = hazardGradeField.enum;
const HazardStatuses: Readonly<Record<HazardStatus, HazardStatus>> = {
  FOUND: 'FOUND',
  NOTICED: 'NOTICED',
  RECTIFIED: 'RECTIFIED',
  CLOSED: 'CLOSED',
};
const HazardSources: Readonly<Record<HazardSource, HazardSource>> = {
  INSPECTION: 'INSPECTION',
  OBSERVATION: 'OBSERVATION',
};
export const HazardFilters = {
  OPEN: 'OPEN',
  CLOSED: 'CLOSED',
  RECHECK_LATE: 'RECHECK_LATE',
} as const;

registerEnumType(HazardGrades, {
  name: 'HazardGrade',
  description: '隐患等级: how dangerous, and how hard to put right.',
  valuesMap: { ORDINARY: { description: '一般隐患' }, MAJOR: { description: '重大隐患' } },
});
registerEnumType(HazardStatuses, {
  name: 'HazardStatus',
  description: '隐患状态: where a hazard stands.',
  valuesMap: {
    FOUND: { description: '发现，待定级' },
    NOTICED: { description: '限期整改' },
    RECTIFIED: { description: '已整改，待复查' },
    CLOSED: { description: '销号' },
  },
});
registerEnumType(HazardSources, {
  name: 'HazardSource',
  description: '隐患来源: an inspection, or what a patrol observed.',
});
registerEnumType(HazardFilters, {
  name: 'HazardFilter',
  description:
    'OPEN while something is still to be done, CLOSED after that; RECHECK_LATE: nobody has ' +
    'rechecked it in time.',
});

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Observation', { registerIn })
export class ObservationStub {
  @Field(() => ID)
  id: string;
}

@ObjectType('HazardMove', { description: '划转: a hazard went to another grid.', registerIn })
export class HazardMoveNode extends GridMove {}

@ObjectType('RecheckTerm', {
  description: '复查期限: the time to recheck in; it hinders no recheck after it.',
  registerIn,
})
export class RecheckTermNode extends DeadlineNode {
  @Field(() => Boolean, { description: 'Whether it passed before anybody rechecked.' })
  passed: boolean;
}

@Directive('@key(fields: "id")')
@ObjectType('Hazard', {
  description: '隐患: what can lead to an accident at a place, until it is put right.',
  registerIn,
})
export class HazardNode {
  @Field(() => ID)
  id: string;

  @Field(() => HazardSources)
  source: HazardSource;

  @Field(() => HazardStatuses)
  status: HazardStatus;

  @Field(() => HazardGrades, { nullable: true, description: 'Null until it is graded.' })
  grade: HazardGrade | null;

  @Field(() => Time, {
    nullable: true,
    description: 'The end of the time to put it right in; null until there is one.',
  })
  dueAt: string | null;

  @Field(() => Boolean, { description: 'Whether its time passed before it was rectified.' })
  overdue: boolean;

  @Field(() => Time)
  foundAt: string;

  @Field(() => [HazardMoveNode], { description: 'Each time its grid was closed.' })
  moves: readonly HazardMoveNode[];
}

export const HazardConnection = connectionType('Hazard', () => HazardNode, registerIn);

@ArgsType()
export class HazardsArgs extends PageArgs {
  @Field(() => HazardFilters, { nullable: true, description: 'All of them when left out.' })
  @IsOptional()
  @IsEnum(HazardFilters)
  status?: keyof typeof HazardFilters | null;
}

@ObjectType('HazardPayload', { description: 'The hazard after the command.', registerIn })
export class HazardPayload {
  @Field(() => HazardNode)
  hazard: HazardNode;

  @Field(() => Position)
  position: string;
}
