import { Args, ID, Parent, Query, ResolveField, Resolver, ResolveReference } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { prefixOf } from '#libs/contracts';
import { refuse } from '#libs/event';
import {
  Acting,
  areaCodeOf,
  authorise,
  authoriseListed,
  deadlineNode,
  type Language,
  Opening,
  OpenWith,
  pageOf,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
  Speaking,
} from '#libs/service';
import { hazardRefusals } from './hazard.refusals.js';
import {
  HazardConnection,
  HazardNode,
  HazardsArgs,
  ObservationStub,
  RecheckTermNode,
} from './hazard.schema.js';
import { type HazardRow, hazardsView } from './hazards.view.js';
import { InspectionNode } from './inspection.schema.js';
import { type InspectionRow, inspectionsView } from './inspections.view.js';
import { AreaStub, PlaceNode } from './place.schema.js';
import { type PlaceRow, placesView } from './places.view.js';

@Resolver(() => HazardNode)
export class HazardResolver {
  @Query(() => HazardNode, { nullable: true, description: '隐患: one hazard.' })
  hazard(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<HazardRow> {
    return readable(views, actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<HazardRow> {
    return readable(views, actor, id);
  }

  @ResolveField(() => AreaStub, { description: 'The grid in which it is.' })
  grid(@Parent() { grid }: HazardRow): AreaStub {
    return { code: grid };
  }

  @ResolveField(() => PlaceNode, {
    nullable: true,
    description: 'Null when a patrol found it: the observation names the place.',
  })
  async place(
    @Parent() { place }: HazardRow,
    @ReadFrom() views: Reading,
  ): Promise<PlaceRow | null> {
    return place === null ? null : ((await views.get(placesView, place)) ?? null);
  }

  @ResolveField(() => InspectionNode, { nullable: true, description: 'Which one found it.' })
  inspection(
    @Parent() hazard: HazardRow,
    @ReadFrom() views: Reading,
  ): Promise<InspectionRow | null> {
    return inspectionOf(views, hazard);
  }

  @ResolveField(() => ID, { nullable: true, description: 'The item of the checklist that failed.' })
  async item(@Parent() hazard: HazardRow, @ReadFrom() views: Reading): Promise<string | null> {
    const items = (await inspectionOf(views, hazard))?.items;
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
  description(@Parent() { description }: HazardRow, @OpenWith() opening: Opening): string | null {
    return description && (opening.open(description)?.description ?? null);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What shows that it was rectified; null also once it was erased.',
  })
  evidence(@Parent() { evidence }: HazardRow, @OpenWith() opening: Opening): string | null {
    return evidence && (opening.open(evidence)?.evidence ?? null);
  }

  @ResolveField(() => RecheckTermNode, {
    nullable: true,
    description: 'The time to recheck it in, from when it was last put right.',
  })
  recheckTerm(
    @Parent() { recheck }: HazardRow,
    @Speaking() language: Language,
  ): RecheckTermNode | null {
    return recheck && { passed: recheck.passed, ...deadlineNode(recheck.due, language) };
  }
}

async function readable(views: Reading, actor: Actor, id: string): Promise<HazardRow> {
  const authoriseToday = ({ grid }: HazardRow): void => authorise(actor, 'area.read', grid);
  const row = await views.record(hazardsView, id, authoriseToday);
  if (row !== undefined) return row;
  throw refusalError(refuse('HazardNotFound', { hazard: id.slice(0, 40) }), hazardRefusals);
}

async function inspectionOf(
  views: Reading,
  { inspection }: HazardRow,
): Promise<InspectionRow | null> {
  if (inspection === null) return null;
  return (await views.get(inspectionsView, inspection)) ?? null;
}

const FILTERS = {
  OPEN: { open: true },
  CLOSED: { open: false },
  RECHECK_LATE: { recheckLate: true },
} as const;

@Resolver(() => AreaStub)
export class AreaHazardsResolver {
  @ResolveField(() => HazardConnection, {
    nullable: true,
    description: 'The hazards of this area and of everything under it, oldest first.',
  })
  async hazards(
    @Parent() { code }: AreaStub,
    @Args() { status, ...asked }: HazardsArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<InstanceType<typeof HazardConnection>> {
    const area = areaCodeOf(code);
    authorise(actor, 'area.read', area);
    const selection = {
      under: { field: 'grid', prefix: prefixOf(area) },
      ...(status == null ? {} : { equals: FILTERS[status] }),
      orderBy: ['foundAt', 'id'],
    } as const;
    const page = await pageOf(views, hazardsView, selection, asked);
    const listed = { area, selection, nodes: page.nodes };
    await authoriseListed(views, hazardsView, listed, ({ grid }) =>
      authorise(actor, 'area.read', grid),
    );
    return page;
  }
}
