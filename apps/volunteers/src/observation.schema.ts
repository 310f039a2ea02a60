import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsText, Position, Time } from '#libs/service';
import type { ObservationOutcome } from './observations.view.js';
import { ServeShiftInput } from './shift-commands.schema.js';
import { VolunteersTypes } from './shift.schema.js';

const registerIn = () => VolunteersTypes;

const ObservationOutcomes: Readonly<Record<ObservationOutcome, ObservationOutcome>> = {
  NOTED: 'NOTED',
  FOUND: 'FOUND',
  CLOSED: 'CLOSED',
};
registerEnumType(ObservationOutcomes, {
  name: 'ObservationOutcome',
  description: '处理进展: FOUND when it led to a hazard, CLOSED when that was put right.',
});

@Directive('@key(fields: "id")')
@ObjectType('Observation', {
  description: '巡防发现: a place and a fact that a volunteer noted on patrol, never a person.',
  registerIn,
})
export class ObservationNode {
  @Field(() => ID)
  id: string;

  @Field(() => Time)
  notedAt: string;

  @Field(() => ObservationOutcomes)
  outcome: ObservationOutcome;

  @Field(() => ID, { nullable: true, description: 'The hazard that it led to.' })
  hazardId: string | null;
}

@ObjectType('ObservationPayload', { description: 'The observation after the command.', registerIn })
export class ObservationPayload {
  @Field(() => ObservationNode)
  observation: ObservationNode;

  @Field(() => Position)
  position: string;
}

@InputType({ registerIn })
export class NoteObservationInput extends ServeShiftInput {
  @Field(() => String, { description: 'Where: a place, up to 500 characters.' })
  @IsText(500)
  place: string;

  @Field(() => String, {
    description: 'What is so there, up to 500 characters: a fact about the place, never a person.',
  })
  @IsText(500)
  fact: string;
}
