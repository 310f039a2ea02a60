import {
  Args,
  ID,
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
import { Acting, authorise, commandMeta, doneOf, refusalError } from '#libs/service';
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
    @Args('id', { type: () => ID }) id: string,
    @Acting() actor: Actor,
  ): Promise<InspectionRow> {
    return this.readable(actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
  ): Promise<InspectionRow> {
    return this.readable(actor, id);
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
  place(@Parent() { place }: InspectionRow): Promise<PlaceRow> {
    return this.placeAt(place);
  }

  @ResolveField(() => [HazardNode], { description: 'The hazards that were found by it.' })
  async hazards(@Parent() { items }: InspectionRow): Promise<readonly HazardRow[]> {
    const ids = items.flatMap(({ hazards }) => hazards);
    const rows = await Promise.all(ids.map((id) => this.views.get(hazardsView, id)));
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
    const place = await this.placeAt(input.placeId);
    authorise(actor, 'inspection.record', place.grid);
    const items = input.items.map(({ code, result }) => ({ code, result }));
    const ask = { place: place.id, inspector: actor.subject, items };
    const meta = commandMeta(actor, 'recordInspection', input);
    const { events, position } = doneOf(await this.inspections.record(meta, ask), texts);
    const id = events[0]?.stream.slice('inspection-'.length);
    if (id === undefined) throw new Error('a recorded inspection has a stream of its own');
    const inspection = await this.inspectionAt(id);
    return { inspection, position: positionText('inspections', position) };
  }

  /** Who may see the place today may see what was found there before. */
  private async readable(actor: Actor, id: string): Promise<InspectionRow> {
    const row = await this.inspectionAt(id);
    authorise(actor, 'area.read', (await this.placeAt(row.place)).grid);
    return row;
  }

  private async inspectionAt(id: string): Promise<InspectionRow> {
    const row = await this.views.get(inspectionsView, id);
    if (row === undefined) {
      const refusal = refuse('InspectionNotFound', { inspection: id.slice(0, 40) });
      throw refusalError(refusal, inspectionRefusals);
    }
    return row;
  }

  private async placeAt(id: string): Promise<PlaceRow> {
    const row = await this.views.get(placesView, id);
    if (row === undefined)
      throw refusalError(refuse('PlaceNotFound', { place: id }), placeRefusals);
    return row;
  }
}
