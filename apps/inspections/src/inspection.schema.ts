import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEnum,
  IsUUID,
  Length,
  ValidateNested,
} from 'class-validator';
import { CommandInput, Position, Time } from '#libs/service';
import { type CheckResult, checkResultField } from './inspection.events.js';
import { InspectionsTypes } from './place.schema.js';

const registerIn = () => InspectionsTypes;

export const CheckResults = checkResultField.enum;
registerEnumType(CheckResults, {
  name: 'CheckResult',
  description: '检查结果: what was found of one item.',
  valuesMap: {
    PASS: { description: '合格' },
    FAIL: { description: '不合格' },
    NOT_APPLICABLE: { description: '不适用' },
  },
});

@ObjectType('ChecklistItem', { description: '检查项: one item of a checklist.', registerIn })
export class ChecklistItemNode {
  @Field(() => ID)
  code: string;

  @Field(() => String, { description: 'In Chinese.' })
  zh: string;

  @Field(() => String, { description: 'In English.' })
  en: string;
}

@ObjectType('CheckedItem', { description: '检查情况: an item and its result.', registerIn })
export class CheckedItemNode {
  @Field(() => ID)
  code: string;

  @Field(() => CheckResults)
  result: CheckResult;
}

@Directive('@key(fields: "id")')
@ObjectType('Inspection', {
  description: '检查: one visit to a place, each item of its checklist looked at.',
  registerIn,
})
export class InspectionNode {
  @Field(() => ID)
  id: string;

  @Field(() => Time)
  recordedAt: string;

  @Field(() => [CheckedItemNode])
  items: readonly CheckedItemNode[];
}

@ObjectType('InspectionPayload', { description: 'The inspection after the command.', registerIn })
export class InspectionPayload {
  @Field(() => InspectionNode)
  inspection: InspectionNode;

  @Field(() => Position)
  position: string;
}

@InputType({ registerIn })
export class CheckedItemInput {
  @Field(() => ID, { description: 'As the checklist of the place’s kind names it, such as E1.' })
  @Length(1, 10)
  code: string;

  @Field(() => CheckResults)
  @IsEnum(CheckResults)
  result: CheckResult;
}

@InputType({ registerIn })
export class RecordInspectionInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  placeId: string;

  @Field(() => [CheckedItemInput], { description: 'Every item of the checklist exactly once.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => CheckedItemInput)
  items: CheckedItemInput[];
}
