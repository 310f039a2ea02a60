import { ArgsType, Field, ID } from '@nestjs/graphql';
import { IsArray, IsOptional, IsString } from 'class-validator';
import { AsOf, Position } from './scalars.js';

/**
 * 读取时点: what every root field that reads takes; one value for all root fields of a request. The
 * values reach what reads them through the request's context, not through the resolver.
 */
@ArgsType()
export abstract class ReadingArgs {
  @Field(() => [AsOf], {
    nullable: true,
    description:
      'Answers as of then: one RFC 3339 time ("recorded by its service by then"), or a Position ' +
      'of every service that the request reaches. Rights are those of today.',
  })
  @IsOptional()
  @IsArray()
  asOf?: readonly string[] | null;

  @Field(() => [Position], {
    nullable: true,
    description:
      'Waits up to 2 s until what these commands changed is seen everywhere, or says VIEWS_BEHIND.',
  })
  @IsOptional()
  @IsArray()
  minPosition?: readonly string[] | null;
}

/** 单条记录: one record by its id. */
@ArgsType()
export class RecordArgs extends ReadingArgs {
  @Field(() => ID)
  @IsString()
  id: string;
}
