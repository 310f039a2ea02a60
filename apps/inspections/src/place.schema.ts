import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsUUID, Length } from 'class-validator';
import { CommandInput, connectionType, IsText, Position, Time } from '#libs/service';
import { type PlaceKind, placeKindField } from './place.events.js';

/** Marks the GraphQL types of this service. */
export class InspectionsTypes {}

const registerIn = () => InspectionsTypes;

export const PlaceKinds = placeKindField.enum;
registerEnumType(PlaceKinds, {
  name: 'PlaceKind',
  description: '场所类别: what a place is; its checklist follows from it.',
  valuesMap: {
    SHOP: { description: '商店' },
    RESTAURANT: { description: '餐饮' },
    HOTEL: { description: '旅馆' },
    SCHOOL: { description: '学校、幼儿园、培训机构' },
    WORKSHOP: { description: '生产加工企业' },
    CLINIC: { description: '诊所' },
    OTHER: { description: '其他场所' },
  },
});

@Directive('@key(fields: "code")')
@ObjectType('Area', { registerIn })
export class AreaStub {
  @Field(() => ID)
  code: string;
}

@ObjectType({ isAbstract: true })
export abstract class GridMove {
  @Field(() => ID, { description: 'The code of the grid that was closed.' })
  from: string;

  @Field(() => ID, { description: 'The code of the grid that goes on with it.' })
  to: string;

  @Field(() => Time)
  at: string;
}

@ObjectType('PlaceMove', { description: '划转: a place went to another grid.', registerIn })
export class PlaceMoveNode extends GridMove {}

@Directive('@key(fields: "id")')
@ObjectType('Place', {
  description: '场所: a shop, a school, a workshop or another place that is inspected.',
  registerIn,
})
export class PlaceNode {
  @Field(() => ID)
  id: string;

  @Field(() => PlaceKinds)
  kind: PlaceKind;

  @Field(() => String, { description: 'As on its sign; its owner is not recorded.' })
  name: string;

  @Field(() => Time)
  registeredAt: string;

  @Field(() => Time, { nullable: true, description: 'Null while it is in use.' })
  closedAt: string | null;

  @Field(() => [PlaceMoveNode], { description: 'Each time its grid was closed.' })
  moves: readonly PlaceMoveNode[];
}

export const PlaceConnection = connectionType('Place', () => PlaceNode, registerIn);

@ObjectType('PlacePayload', { description: 'The place after the command.', registerIn })
export class PlacePayload {
  @Field(() => PlaceNode)
  place: PlaceNode;

  @Field(() => Position)
  position: string;
}

@InputType({ registerIn })
export class RegisterPlaceInput extends CommandInput {
  @Field(() => ID, { description: 'The code of the grid in which it lies.' })
  @Length(1, 40)
  grid: string;

  @Field(() => PlaceKinds)
  @IsEnum(PlaceKinds)
  kind: PlaceKind;

  @Field(() => String, { description: 'As on its sign, up to 100 characters; not its owner.' })
  @IsText(100)
  name: string;
}

@InputType({ registerIn })
export class ClosePlaceInput extends CommandInput {
  @Field(() => ID)
  @IsUUID()
  placeId: string;
}
