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
import { refuse } from '#libs/event';
import { positionText } from '#libs/event-log';
import {
  Acting,
  authorise,
  commandMeta,
  doneOf,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
} from '#libs/service';
import { LiveViews } from '#libs/views';
import { checklistCodes, checklistOf } from './checklist.js';
import { gridRefusals } from './grid.refusals.js';
import { HazardNode } from './hazard.schema.js';
import { type HazardRow, hazardsView } from './hazards.view.js';
import { inspectionRefusals } from './inspection.refusals.js';
import {
  ChecklistItemNode,
  InspectionNode,
  InspectionPayload,
  RecordInspectionInput,
} from './inspection.schema.js';
import { InspectionService } from './inspection.service.js';
import { type InspectionRow, inspectionsView } from './inspections.view.js';
import type { PlaceKind } from './place.events.js';
import { placeRefusals } from './place.refusals.js';
import { PlaceKinds, PlaceNode } from './place.schema.js';
import { type PlaceRow, placesView } from './places.view.js';

const texts = { ...gridRefusals, ...placeRefusals, ...inspectionRefusals };

@Resolver(() => InspectionNode)
export class InspectionResolver {
  constructor(
    private readonly inspections: InspectionService,
    private readonly views: LiveViews,
  ) {}

  @Query(() => InspectionNode, { nullable: true, description: '检查: one inspection.' })
  inspection(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<InspectionRow> {
    return readable(views, actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<InspectionRow> {
    return readable(views, actor, id);
  }

  @Query(() => [ChecklistItemNode], {
    nullable: true,
    description: '检查表: what is looked at in a place of this kind.',
  })
  checklist(
    @Args('kind', { type: () => PlaceKinds }) kind: PlaceKind,
  ): readonly ChecklistItemNode[] {
    return checklistOf(kind).map((code) => ({ code, ...checklistCodes[code] }));
  }

  @ResolveField(() => PlaceNode)
  async place(@Parent() { place }: InspectionRow, @ReadFrom() views: Reading): Promise<PlaceRow> {
    return placeFound(place, await views.get(placesView, place));
  }

  @ResolveField(() => [HazardNode], { description: 'The hazards that were found by it.' })
  async hazards(
    @Parent() { items }: InspectionRow,
    @ReadFrom() views: Reading,
  ): Promise<readonly HazardRow[]> {
    const ids = items.flatMap(({ hazards }) => hazards);
    const rows = await Promise.all(ids.map((id) => views.get(hazardsView, id)));
    return rows.filter((row) => row !== undefined);
  }

  @Mutation(() => InspectionPayload, {
    nullable: true,
    description: '记录检查: record an inspection of a place.',
  })
  async recordInspection(
    @Args('input') input: RecordInspectionInput,
    @Acting() actor: Actor,
  ): Promise<InspectionPayload> {
    const { placeId } = input;
    const place = placeFound(placeId, await this.views.get(placesView, placeId));
    authorise(actor, 'inspection.record', place.grid);
    const items = input.items.map(({ code, result }) => ({ code, result }));
    const ask = { place: place.id, inspector: actor.subject, items };
    const meta = commandMeta(actor, 'recordInspection', input);
    const { events, position } = doneOf(await this.inspections.record(meta, ask), texts);
    const id = events[0]?.stream.slice('inspection-'.length);
    if (id === undefined) throw new Error('a recorded inspection has a stream of its own');
    const inspection = inspectionFound(id, await this.views.get(inspectionsView, id));
    return { inspection, position: positionText('inspections', position) };
  }
}

/** Who may see the place today may see what was found there before. */
async function readable(views: Reading, actor: Actor, id: string): Promise<InspectionRow> {
  const row = await views.record(inspectionsView, id, async ({ place }) => {
    const { grid } = placeFound(place, await views.today(placesView, place));
    authorise(actor, 'area.read', grid);
  });
  return inspectionFound(id, row);
}

function inspectionFound(id: string, row: InspectionRow | undefined): InspectionRow {
  if (row !== undefined) return row;
  const refusal = refuse('InspectionNotFound', { inspection: id.slice(0, 40) });
  throw refusalError(refusal, inspectionRefusals);
}

function placeFound(id: string, row: PlaceRow | undefined): PlaceRow {
  if (row !== undefined) return row;
  throw refusalError(refuse('PlaceNotFound', { place: id }), placeRefusals);
}
