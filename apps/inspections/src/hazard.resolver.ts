import { Args, ID, Parent, Query, ResolveField, Resolver, ResolveReference } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { prefixOf } from '#libs/contracts';
import { refuse } from '#libs/event';
import { Sealing } from '#libs/privacy';
import { Acting, areaCodeOf, authorise, pageOf, refusalError } from '#libs/service';
import { LiveViews } from '#libs/views';
import { hazardRefusals } from './hazard.refusals.js';
import { HazardConnection, HazardNode, HazardsArgs, ObservationStub } from './hazard.schema.js';
import { type HazardRow, hazardsView } from './hazards.view.js';
import { InspectionNode } from './inspection.schema.js';
import { type InspectionRow, inspectionsView } from './inspections.view.js';
import { AreaStub, PlaceNode } from './place.schema.js';
import { type PlaceRow, placesView } from './places.view.js';

@Resolver(() => HazardNode)
export class HazardResolver {
  constructor(
    private readonly views: LiveViews,
    private readonly sealing: Sealing,
  ) {}

  @Query(() => HazardNode, { nullable: true, description: '隐患: one hazard.' })
  hazard(@Args('id', { type: () => ID }) id: string, @Acting() actor: Actor): Promise<HazardRow> {
    return this.readable(actor, id);
  }

  @ResolveReference()
  resolveReference(@Parent() { id }: { id: string }, @Acting() actor: Actor): Promise<HazardRow> {
    return this.readable(actor, id);
  }

  @ResolveField(() => AreaStub, { description: 'The grid in which it is.' })
  grid(@Parent() { grid }: HazardRow): AreaStub {
    return { code: grid };
  }

  @ResolveField(() => PlaceNode, {
    nullable: true,
    description: 'Null when a patrol found it: the observation names the place.',
  })
  async place(@Parent() { place }: HazardRow): Promise<PlaceRow | null> {
    return place === null ? null : ((await this.views.get(placesView, place)) ?? null);
  }

  @ResolveField(() => InspectionNode, { nullable: true, description: 'Which one found it.' })
  async inspection(@Parent() { inspection }: HazardRow): Promise<InspectionRow | null> {
    if (inspection === null) return null;
    return (await this.views.get(inspectionsView, inspection)) ?? null;
  }

  @ResolveField(() => ID, { nullable: true, description: 'The item of the checklist that failed.' })
  async item(@Parent() hazard: HazardRow): Promise<string | null> {
    const items = (await this.inspection(hazard))?.items;
    return items?.find(({ hazards }) => hazards.includes(hazard.id))?.code ?? null;
  }

  @ResolveField(() => ObservationStub, {
    nullable: true,
    description: 'Where and what, when a patrol found it.',
  })
  observation(@Parent() { observation }: HazardRow): ObservationStub | null {
    return observation === null ? null : { id: observation };
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'A place and a fact; null when the observation tells them, or once erased.',
  })
  description(@Parent() row: HazardRow, @Acting() actor: Actor): string | null {
    const { description } = this.file(actor, row);
    return description && (this.sealing.open(description)?.description ?? null);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What shows that it was rectified; null also once it was erased.',
  })
  evidence(@Parent() row: HazardRow, @Acting() actor: Actor): string | null {
    const { evidence } = this.file(actor, row);
    return evidence && (this.sealing.open(evidence)?.evidence ?? null);
  }

  /** Free texts can name somebody by mistake: only those see them who work on hazards there. */
  private file(actor: Actor, row: HazardRow): HazardRow {
    authorise(actor, 'hazard.recheck', row.grid);
    return row;
  }

  private async readable(actor: Actor, id: string): Promise<HazardRow> {
    const row = await this.views.get(hazardsView, id);
    if (row === undefined) {
      throw refusalError(refuse('HazardNotFound', { hazard: id.slice(0, 40) }), hazardRefusals);
    }
    authorise(actor, 'area.read', row.grid);
    return row;
  }
}

@Resolver(() => AreaStub)
export class AreaHazardsResolver {
  constructor(private readonly views: LiveViews) {}

  @ResolveField(() => HazardConnection, {
    nullable: true,
    description: 'The hazards of this area and of everything under it, oldest first.',
  })
  hazards(
    @Parent() { code }: AreaStub,
    @Args() { status, ...page }: HazardsArgs,
    @Acting() actor: Actor,
  ): Promise<InstanceType<typeof HazardConnection>> {
    const area = areaCodeOf(code);
    authorise(actor, 'area.read', area);
    const selection = {
      under: { field: 'grid', prefix: prefixOf(area) },
      ...(status == null ? {} : { equals: { open: status === 'OPEN' } }),
      orderBy: ['foundAt', 'id'],
    } as const;
    return pageOf(this.views, hazardsView, selection, page);
  }
}
