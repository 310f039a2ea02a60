import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsUUID, Length } from 'class-validator';
import { type PostKind, postKindField } from '#libs/contracts';
import { CommandInput, IsText, Position } from '#libs/service';
import { GridRegistryTypes } from './area.schema.js';

const registerIn = () => GridRegistryTypes;

export const PostKinds = postKindField.enum;
registerEnumType(PostKinds, {
  name: 'PostKind',
  description: '岗位类别: what the holder of a post is there for.',
  valuesMap: {
    GRID_WORKER: { description: '网格员' },
    GRID_LEADER: { description: '网格长' },
    MEDIATOR: { description: '人民调解员' },
    COMMUNITY_POLICE_OFFICER: { description: '社区民警' },
    RESIDENT_AUXILIARY: { description: '驻村辅警' },
  },
});

@Directive('@key(fields: "id")')
@ObjectType('Holder', { description: '任职人: who holds or held a post.', registerIn })
export class HolderNode {
  @Field(() => ID, { description: 'Made for one appointment; a person has another in each.' })
  id: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Post', { description: '岗位: a duty in an area.', registerIn })
export class PostNode {
  @Field(() => ID)
  id: string;

  @Field(() => PostKinds)
  kind: PostKind;

  @Field(() => HolderNode, { nullable: true, description: 'Null while the post is vacant.' })
  holder: HolderNode | null;
}

@ObjectType('PostPayload', { description: 'The post after the command.', registerIn })
export class PostPayload {
  @Field(() => PostNode)
  post: PostNode;

  @Field(() => Position)
  position: string;
}

@InputType({ registerIn })
export class CreatePostInput extends CommandInput {
  @Field(() => PostKinds)
  @IsEnum(PostKinds)
  kind: PostKind;

  @Field(() => ID, { description: 'The area or grid that the post is for.' })
  @Length(1, 15)
  area: string;
}

@InputType({ registerIn })
export class AppointHolderInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  postId: string;

  @Field(() => String)
  @IsText(100)
  name: string;
}

@InputType({ registerIn })
export class ReleaseHolderInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  postId: string;

  @Field(() => String, { description: 'Why, for the record.' })
  @IsText(2000)
  reason: string;
}
