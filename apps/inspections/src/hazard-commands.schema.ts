import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { IsBoolean, IsEnum, IsInt, IsOptional, IsUUID, Length, Max, Min } from 'class-validator';
import { CommandInput, IsText } from '#libs/service';
import type { HazardGrade } from './hazard.events.js';
import { HazardGrades } from './hazard.schema.js';
import { InspectionsTypes } from './place.schema.js';

const registerIn = () => InspectionsTypes;

const DAYS_MAX = 365;

@InputType({ registerIn })
export class ReportHazardInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  inspectionId: string;

  @Field(() => ID, { description: 'The code of the item that failed.' })
  @Length(1, 10)
  item: string;

  @Field(() => String, { description: 'A place and a fact, up to 2,000 characters; no person.' })
  @IsText(2000)
  description: string;

  @Field(() => HazardGrades)
  @IsEnum(HazardGrades)
  grade: HazardGrade;

  @Field(() => Boolean, { description: 'Put right during the visit: for ordinary hazards only.' })
  @IsBoolean()
  fixedOnSpot: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Calendar days to put it right in, 1 to 365, unless that was done on the spot.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(DAYS_MAX)
  dueInDays?: number | null;
}

@InputType({ registerIn })
export class HazardInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  hazardId: string;
}

@InputType({ registerIn })
export class GradeHazardInput extends HazardInput {
  @Field(() => HazardGrades)
  @IsEnum(HazardGrades)
  grade: HazardGrade;

  @Field(() => Int, { description: 'Calendar days to put it right in, 1 to 365.' })
  @IsInt()
  @Min(1)
  @Max(DAYS_MAX)
  dueInDays: number;
}

@InputType({ registerIn })
export class RectifyHazardInput extends HazardInput {
  @Field(() => String, { description: 'What was done, and what shows it; no person.' })
  @IsText(2000)
  evidence: string;
}

@InputType({ registerIn })
export class RecheckHazardInput extends HazardInput {
  @Field(() => Boolean)
  @IsBoolean()
  passed: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'When it is not right: the new time limit in calendar days, 1 to 365.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(DAYS_MAX)
  dueInDays?: number | null;
}
