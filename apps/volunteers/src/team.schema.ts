import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Length } from 'class-validator';
import { CommandInput, IsText, Position } from '#libs/service';
import { MoveNode, VolunteersTypes } from './shift.schema.js';

const registerIn = () => VolunteersTypes;

@ObjectType('VolunteerTeam', {
  description: '志愿队: people who patrol together, for one area.',
  registerIn,
})
export class TeamNode {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  name: string;

  @Field(() => [MoveNode], { description: 'Each time it went along when its grid was closed.' })
  moves: readonly MoveNode[];
}

@ObjectType('TeamPayload', { description: 'The team after the command.', registerIn })
export class TeamPayload {
  @Field(() => TeamNode)
  team: TeamNode;

  @Field(() => Position)
  position: string;
}

@InputType({ registerIn })
export class FoundTeamInput extends CommandInput {
  @Field(() => ID, { description: 'The area or the open grid that the team is for.' })
  @Length(1, 40)
  area: string;

  @Field(() => String, { description: 'How the team is called, up to 100 characters.' })
  @IsText(100)
  name: string;
}
