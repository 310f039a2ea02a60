import { Field, ID, InputType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsUUID, Length } from 'class-validator';
import { CommandInput, IsTime, Time } from '#libs/service';
import type { ShiftRisk } from './shift.events.js';
import { ShiftRisks, VolunteersTypes } from './shift.schema.js';

const registerIn = () => VolunteersTypes;

@InputType({ registerIn })
export class PublishShiftInput extends CommandInput {
  @Field(() => ID, { description: 'The team whose volunteers may claim it.' })
  @IsUUID()
  teamId: string;

  @Field(() => ID, { description: 'The code of the grid to patrol.' })
  @Length(1, 40)
  grid: string;

  @Field(() => Time)
  @IsTime()
  startsAt: string;

  @Field(() => Time, { description: 'At most 12 hours later.' })
  @IsTime()
  endsAt: string;

  @Field(() => ShiftRisks)
  @IsEnum(ShiftRisks)
  risk: ShiftRisk;
}

@InputType({ registerIn })
export class ShiftInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  shiftId: string;
}

@InputType({ registerIn })
export class ServeShiftInput extends ShiftInput {
  @Field(() => ID, {
    nullable: true,
    description: 'For whom; yourself when left out. A volunteer acts for nobody else.',
  })
  @IsOptional()
  @IsUUID()
  volunteerId?: string | null;
}

@InputType({ registerIn })
export class ClaimShiftInput extends ServeShiftInput {}

@InputType({ registerIn })
export class CheckInInput extends ServeShiftInput {}

@InputType({ registerIn })
export class CheckOutInput extends ServeShiftInput {}

@InputType({ registerIn })
export class ConfirmHoursInput extends ShiftInput {}

@InputType({ registerIn })
export class CancelShiftInput extends ShiftInput {}
