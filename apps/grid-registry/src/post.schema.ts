import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { type PostKind, postKindField } from '#libs/contracts';
import { SUBJECT } from '#libs/access';
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
    TEAM_LEADER: { description: '志愿队长' },
    COMMITTEE_CHAIR: { description: '调委会主任' },
    INSPECTOR: { description: '检查员' },
    TOWNSHIP_DESK: { description: '乡镇综治窗口' },
    COUNTY_SUPERVISOR: { description: '县区主管' },
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

  @Field(() => ID, {
    nullable: true,
    description:
      'Under which account they sign in, never a name: their rights follow from it, and end with ' +
      'the release. Without one they have none by this post.',
  })
  @IsOptional()
  @Matches(SUBJECT)
  account?: string | null;
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
