import { ArgsType, Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import type { AreaCode, AreaLevel } from '#libs/contracts';
import { connectionType, ReadingArgs } from '#libs/service';

/** Marks the GraphQL types of this service. */
export class GridRegistryTypes {}

const registerIn = () => GridRegistryTypes;

const AreaLevels: Readonly<Record<AreaLevel, AreaLevel>> = {
  COUNTRY: 'COUNTRY',
  PROVINCE: 'PROVINCE',
  PREFECTURE: 'PREFECTURE',
  COUNTY: 'COUNTY',
  TOWNSHIP: 'TOWNSHIP',
  VILLAGE: 'VILLAGE',
  GRID: 'GRID',
};
registerEnumType(AreaLevels, {
  name: 'AreaLevel',
  description: '行政层级: from the country down to the grid.',
});

@Directive('@key(fields: "code")')
@ObjectType('Area', {
  description: '区域: an administrative area, or a grid as the smallest one.',
  registerIn,
})
export class AreaNode {
  @Field(() => ID, {
    description: '0, or 2, 4, 6, 9, 12 digits; a grid has 15: its village and three more.',
  })
  code: AreaCode;

  @Field(() => String)
  name: string;

  @Field(() => AreaLevels)
  level: AreaLevel;
}

export const AreaConnection = connectionType('Area', () => AreaNode, registerIn);

@ArgsType()
export class AreaArgs extends ReadingArgs {
  @Field(() => ID)
  @IsString()
  code: string;
}

@ArgsType()
export class PostsArgs {
  @Field(() => Int, { defaultValue: 200, description: '1 to 200; see postCount for how many are.' })
  @Min(1)
  @Max(200)
  first: number;

  @Field(() => ID, { nullable: true, description: 'The id of the last post of the page before.' })
  @IsOptional()
  @IsUUID()
  after?: string | null;
}
