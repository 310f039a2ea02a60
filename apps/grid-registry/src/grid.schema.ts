import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Length } from 'class-validator';
import { CommandInput, IsText, Position, Time } from '#libs/service';
import { AreaNode, GridRegistryTypes } from './area.schema.js';

const registerIn = () => GridRegistryTypes;

@ObjectType('GridPayload', { description: 'The grid after the command.', registerIn })
export class GridPayload {
  @Field(() => AreaNode)
  grid: AreaNode;

  @Field(() => Position)
  position: string;
}

@InputType({ registerIn })
export class OpenGridInput extends CommandInput {
  @Field(() => ID, { description: '15 digits: the village’s 12, then 001 to 999.' })
  @IsString()
  @Length(1, 40)
  code: string;

  @Field(() => String)
  @IsText(100)
  name: string;
}

const GridStatuses = { OPEN: 'OPEN', CLOSING: 'CLOSING', RETIRED: 'RETIRED' } as const;
registerEnumType(GridStatuses, {
  name: 'GridStatus',
  description: '网格状态: CLOSING while the services answer for their work there.',
});

@ObjectType('GridLink', {
  description: 'Another grid that one came from or went into.',
  registerIn,
})
export class GridLinkNode {
  @Field(() => ID)
  code: string;

  @Field(() => String, { nullable: true })
  name: string | null;

  @Field(() => Time)
  since: string;
}

@ObjectType('OpenGridWork', { description: 'Work that kept a grid open.', registerIn })
export class OpenWorkNode {
  @Field(() => String)
  service: string;

  @Field(() => Int)
  count: number;
}

@ObjectType('GridHistory', {
  description: '网格沿革: where a grid comes from and went.',
  registerIn,
})
export class GridHistoryNode {
  @Field(() => GridStatuses)
  status: keyof typeof GridStatuses;

  @Field(() => Time)
  openedAt: string;

  @Field(() => Time, { description: 'Since when it has had its status.' })
  since: string;

  @Field(() => [GridLinkNode], { description: 'Grids that were closed into this one.' })
  predecessors: readonly GridLinkNode[];

  @Field(() => [GridLinkNode], { description: 'The first one took the work.' })
  successors: readonly GridLinkNode[];

  @Field(() => [OpenWorkNode], { description: 'What kept it open at the last attempt to close.' })
  keptOpenBy: readonly OpenWorkNode[];
}

@InputType({ registerIn })
export class RetireGridInput extends CommandInput {
  @Field(() => ID)
  @IsString()
  @Length(1, 40)
  code: string;

  @Field(() => [ID], {
    defaultValue: [],
    description: 'Open grids of the same village; the first one takes the work. None: see refusal.',
  })
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Length(1, 40, { each: true })
  successors: string[];

  @Field(() => String, { description: 'Why, for the record.' })
  @IsText(2000)
  reason: string;
}

@InputType({ registerIn })
export class RenameGridInput extends OpenGridInput {}
