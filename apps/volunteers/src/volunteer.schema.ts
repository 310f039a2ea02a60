import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsBoolean, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { SUBJECT } from '#libs/access';
import { CommandInput, Day, IsText, Position } from '#libs/service';
import { VolunteersTypes } from './shift.schema.js';

const registerIn = () => VolunteersTypes;

@ObjectType('Volunteer', {
  description: '志愿者: somebody who helps, unpaid and of their own will, in one team.',
  registerIn,
})
export class VolunteerNode {
  @Field(() => ID, { description: 'Made for this enrolment; the subject of the own token.' })
  id: string;
}

@ObjectType('VolunteerPayload', { description: 'The volunteer after the command.', registerIn })
export class VolunteerPayload {
  @Field(() => VolunteerNode)
  volunteer: VolunteerNode;

  @Field(() => Position)
  position: string;
}

@InputType({ registerIn })
export class EnrolVolunteerInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  teamId: string;

  @Field(() => String, { description: 'How the volunteer is called, up to 100 characters.' })
  @IsText(100)
  name: string;

  @Field(() => Day, { description: 'Looked at and not kept: 14 years and older may volunteer.' })
  @Length(10, 10)
  bornOn: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Of a minor: whether the legal representative has agreed.',
  })
  @IsOptional()
  @IsBoolean()
  guardianConsent?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Under which account they sign in, never a name.',
  })
  @IsOptional()
  @Matches(SUBJECT)
  account?: string | null;
}
