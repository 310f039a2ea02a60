import {
  Args,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { type AreaCode, levelOf, parseAreaCode, prefixOf } from '#libs/contracts';
import { refuse, type Refusal } from '#libs/event';
import { type Done, positionText } from '#libs/event-log';
import type { KnownGridRefusal } from '#libs/grid-work';
import {
  Acting,
  areaCodeOf,
  authorise,
  authoriseListed,
  commandMeta,
  doneOf,
  PageArgs,
  pageOf,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
} from '#libs/service';
import { LiveViews } from '#libs/views';
import { gridRefusals } from './grid.refusals.js';
import type { PlaceRefusal } from './place.js';
import { placeRefusals } from './place.refusals.js';
import {
  AreaStub,
  ClosePlaceInput,
  PlaceConnection,
  PlaceNode,
  PlacePayload,
  RegisterPlaceInput,
} from './place.schema.js';
import { PlaceService } from './place.service.js';
import { type PlaceRow, placesView } from './places.view.js';

const texts = { ...gridRefusals, ...placeRefusals };

@Resolver(() => PlaceNode)
export class PlaceResolver {
  constructor(
    private readonly places: PlaceService,
    private readonly views: LiveViews,
  ) {}

  @Query(() => PlaceNode, { nullable: true, description: '场所: one place.' })
  place(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<PlaceRow> {
    return readable(views, actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<PlaceRow> {
    return readable(views, actor, id);
  }

  @ResolveField(() => AreaStub, { description: 'The grid in which it lies.' })
  grid(@Parent() { grid }: PlaceRow): AreaStub {
    return { code: grid };
  }

  @Mutation(() => PlacePayload, {
    nullable: true,
    description: '登记场所: put a place in a grid under inspection.',
  })
  async registerPlace(
    @Args('input') input: RegisterPlaceInput,
    @Acting() actor: Actor,
  ): Promise<PlacePayload> {
    const grid = gridCodeOf(input.grid);
    authorise(actor, 'place.manage', grid);
    const { kind, name } = input;
    const meta = commandMeta(actor, 'registerPlace', input);
    return this.answer(await this.places.register(meta, { grid, kind, name }));
  }

  @Mutation(() => PlacePayload, {
    nullable: true,
    description: '注销场所: the place is no more; its open hazards stay open.',
  })
  async closePlace(
    @Args('input') input: ClosePlaceInput,
    @Acting() actor: Actor,
  ): Promise<PlacePayload> {
    const place = await this.placeAt(input.placeId);
    authorise(actor, 'place.manage', place.grid);
    const meta = commandMeta(actor, 'closePlace', input);
    return this.answer(await this.places.close(meta, { place: place.id }), place);
  }

  private async answer(
    outcome: Done | Refusal<PlaceRefusal | KnownGridRefusal | 'CommandIdReused'>,
    asked?: PlaceRow,
  ): Promise<PlacePayload> {
    const { events, position } = doneOf(outcome, texts);
    const id = events[0]?.stream.slice('place-'.length) ?? asked?.id;
    if (id === undefined) throw new Error('a place command is always about a place');
    const place = await this.placeAt(id);
    return { place, position: positionText('inspections', position) };
  }

  private async placeAt(id: string): Promise<PlaceRow> {
    return found(id, await this.views.get(placesView, id));
  }
}

async function readable(views: Reading, actor: Actor, id: string): Promise<PlaceRow> {
  const authoriseToday = ({ grid }: PlaceRow): void => authorise(actor, 'area.read', grid);
  return found(id, await views.record(placesView, id, authoriseToday));
}

function found(id: string, row: PlaceRow | undefined): PlaceRow {
  if (row !== undefined) return row;
  throw refusalError(refuse('PlaceNotFound', { place: id.slice(0, 40) }), placeRefusals);
}

@Resolver(() => AreaStub)
export class AreaPlacesResolver {
  @ResolveReference()
  resolveReference({ code }: { code: string }): AreaStub {
    return { code: areaCodeOf(code) };
  }

  @ResolveField(() => PlaceConnection, {
    nullable: true,
    description: 'The places in use in this area and everything under it, oldest first.',
  })
  async places(
    @Parent() { code }: AreaStub,
    @Args() asked: PageArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<InstanceType<typeof PlaceConnection>> {
    const area = areaCodeOf(code);
    authorise(actor, 'area.read', area);
    const selection = {
      under: { field: 'grid', prefix: prefixOf(area) },
      equals: { open: true },
      orderBy: ['registeredAt', 'id'],
    } as const;
    const page = await pageOf(views, placesView, selection, asked);
    const listed = { area, selection, nodes: page.nodes };
    await authoriseListed(views, placesView, listed, ({ grid }) =>
      authorise(actor, 'area.read', grid),
    );
    return page;
  }
}

function gridCodeOf(text: string): AreaCode {
  const code = parseAreaCode(text);
  if (code !== undefined && levelOf(code) === 'GRID') return code;
  throw refusalError(refuse('GridCodeMalformed', { code: text }), gridRefusals);
}
