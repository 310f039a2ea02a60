import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEnum,
  IsInt,
  IsISO8601,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { CommandInput, Day, IsText, Time } from '#libs/service';
import type { DisputeType, Route } from './dispute.events.js';
import { DisputeTypes, MediationTypes, Routes } from './dispute.schema.js';

const registerIn = () => MediationTypes;

/** ISO 8601 alone allows weeks and times without an offset, which say no point in time here. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

@InputType({ registerIn })
export class PartyInput {
  @Field(() => String, { description: 'How the party is called; nothing else is needed.' })
  @IsText(100)
  name: string;
}

@InputType({ registerIn })
export class ReportDisputeInput extends CommandInput {
  @Field(() => ID, { description: 'The code of the grid in which the dispute arose.' })
  @Length(1, 40)
  grid: string;

  @Field(() => DisputeTypes)
  @IsEnum(DisputeTypes)
  type: DisputeType;

  @Field(() => String, { description: 'The short facts, up to 2,000 characters.' })
  @IsText(2000)
  facts: string;

  @Field(() => [PartyInput], { description: 'Two to ten.' })
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => PartyInput)
  parties: PartyInput[];
}

@InputType({ registerIn })
export class DisputeInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  disputeId: string;
}

@InputType({ registerIn })
export class GiveConsentInput extends DisputeInput {
  @Field(() => ID)
  @IsUUID()
  partyId: string;
}

@InputType({ registerIn })
export class RefuseMediationInput extends DisputeInput {
  @Field(() => ID)
  @IsUUID()
  partyId: string;

  @Field(() => [Routes], { description: 'The other routes that the parties were told of.' })
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsEnum(Routes, { each: true })
  routesTold: Route[];
}

@InputType({ registerIn })
export class AssignMediatorInput extends DisputeInput {
  @Field(() => ID, { description: 'The id of the holder of a mediator’s post.' })
  @IsUUID()
  mediatorId: string;
}

@InputType({ registerIn })
export class RecordSessionInput extends DisputeInput {
  @Field(() => Time)
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(RFC_3339, {
    message: 'heldAt must be an RFC 3339 time, such as 2026-03-03T09:30:00+08:00',
  })
  heldAt: string;

  @Field(() => String, { description: 'What was said and agreed, up to 2,000 characters.' })
  @IsText(2000)
  summary: string;
}

@InputType({ registerIn })
export class SettleDisputeInput extends DisputeInput {
  @Field(() => String, { description: 'Content and way of performance, up to 2,000 characters.' })
  @IsText(2000)
  terms: string;

  @Field(() => Day, { description: 'The day by which it is to be performed.' })
  @Length(10, 10)
  performBy: string;

  @Field(() => [ID], { description: 'The ids of the parties who signed: all must have.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  signedBy: string[];
}

@InputType({ registerIn })
export class EndMediationInput extends DisputeInput {
  @Field(() => String, { description: 'Why there is no agreement, up to 2,000 characters.' })
  @IsText(2000)
  reason: string;

  @Field(() => [Routes], { description: 'The other routes that the parties were told of.' })
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsEnum(Routes, { each: true })
  routesTold: Route[];
}

@InputType({ registerIn })
export class PauseTermInput extends DisputeInput {
  @Field(() => [ID], { description: 'The ids of the parties who agree: all must.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  agreedBy: string[];
}

@InputType({ registerIn })
export class ExtendTermInput extends PauseTermInput {
  @Field(() => Int, {
    description: 'Calendar days in all, 1 to 999, counted from the same day as before.',
  })
  @IsInt()
  @Min(1)
  @Max(999)
  days: number;
}

@InputType({ registerIn })
export class ResumeTermInput extends DisputeInput {}
