import { Args, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { prefixOf } from '#libs/contracts';
import { refuse } from '#libs/event';
import {
  Acting,
  areaCodeOf,
  authorise,
  authoriseListed,
  PageArgs,
  pageOf,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
} from '#libs/service';
import { ObservationNode } from './observation.schema.js';
import { type ObservationRow, observationsView } from './observations.view.js';
import { type PatrolRow, patrolsView } from './patrols.view.js';
import { shiftRefusals } from './shift.refusals.js';
import { AreaStub, PatrolConnection, PatrolNode } from './shift.schema.js';
import { TeamNode } from './team.schema.js';
import { type TeamRow, teamsView } from './teams.view.js';
import { VolunteerNode } from './volunteer.schema.js';
import { type VolunteerRow, volunteersView } from './volunteers.view.js';

/** Nobody notes more in one shift than can be read in one go. */
const OBSERVATIONS_MAX = 200;

@Resolver(() => PatrolNode)
export class PatrolResolver {
  @Query(() => PatrolNode, { nullable: true, description: '班次: one patrol.' })
  shift(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<PatrolRow> {
    return readable(views, actor, id);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<PatrolRow> {
    return readable(views, actor, id);
  }

  @ResolveField(() => AreaStub, { description: 'The grid to patrol.' })
  grid(@Parent() { grid }: PatrolRow): AreaStub {
    return { code: grid };
  }

  @ResolveField(() => TeamNode, { nullable: true, description: 'Whose volunteers may claim it.' })
  async team(
    @Parent() { team }: PatrolRow,
    @ReadFrom() views: Reading,
  ): Promise<TeamRow | undefined> {
    return views.get(teamsView, team);
  }

  @ResolveField(() => VolunteerNode, { nullable: true, description: 'Who has claimed it.' })
  async volunteer(
    @Parent() row: PatrolRow,
    @ReadFrom() views: Reading,
  ): Promise<VolunteerRow | undefined> {
    return row.volunteer === null ? undefined : views.get(volunteersView, row.volunteer);
  }

  @ResolveField(() => [ObservationNode], {
    nullable: true,
    description: 'What was noted on it and what became of that, the first 200.',
  })
  async observations(
    @Parent() row: PatrolRow,
    @ReadFrom() views: Reading,
  ): Promise<readonly ObservationRow[]> {
    return views.find(observationsView, {
      equals: { shift: row.id },
      orderBy: ['notedAt', 'id'],
      limit: OBSERVATIONS_MAX,
    });
  }
}

async function readable(views: Reading, actor: Actor, id: string): Promise<PatrolRow> {
  const authoriseToday = ({ grid }: PatrolRow): void => authorise(actor, 'area.read', grid);
  const row = await views.record(patrolsView, id, authoriseToday);
  if (row !== undefined) return row;
  throw refusalError(refuse('ShiftNotFound', { shift: id.slice(0, 40) }), shiftRefusals);
}

@Resolver(() => AreaStub)
export class AreaPatrolsResolver {
  @ResolveReference()
  resolveReference({ code }: { code: string }): AreaStub {
    return { code: areaCodeOf(code) };
  }

  @ResolveField(() => PatrolConnection, {
    nullable: true,
    description: 'The patrols in this area and in everything under it, by their start.',
  })
  async patrols(
    @Parent() { code }: AreaStub,
    @Args() asked: PageArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<InstanceType<typeof PatrolConnection>> {
    const area = areaCodeOf(code);
    authorise(actor, 'area.read', area);
    const selection = {
      under: { field: 'grid', prefix: prefixOf(area) },
      orderBy: ['startsAt', 'id'],
    } as const;
    const page = await pageOf(views, patrolsView, selection, asked);
    const listed = { area, selection, nodes: page.nodes };
    await authoriseListed(views, patrolsView, listed, ({ grid }) =>
      authorise(actor, 'area.read', grid),
    );
    return page;
  }
}
