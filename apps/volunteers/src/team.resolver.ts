import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { refuse } from '#libs/event';
import { positionText } from '#libs/event-log';
import {
  Acting,
  areaCodeOf,
  authorise,
  commandMeta,
  doneOf,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
} from '#libs/service';
import { LiveViews } from '#libs/views';
import { AreaStub } from './shift.schema.js';
import { teamRefusals } from './team.refusals.js';
import { FoundTeamInput, TeamNode, TeamPayload } from './team.schema.js';
import { TeamService } from './team.service.js';
import { type TeamRow, teamsView } from './teams.view.js';

@Resolver(() => TeamNode)
export class TeamResolver {
  constructor(
    private readonly teams: TeamService,
    private readonly views: LiveViews,
  ) {}

  @Query(() => TeamNode, { nullable: true, description: '志愿队: one team.' })
  async team(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<TeamRow> {
    const authoriseToday = ({ area }: TeamRow): void => authorise(actor, 'area.read', area);
    return found(id, await views.record(teamsView, id, authoriseToday));
  }

  @ResolveField(() => AreaStub, { description: 'The area or grid that the team is for.' })
  area(@Parent() { area }: TeamRow): AreaStub {
    return { code: area };
  }

  @Mutation(() => TeamPayload, {
    nullable: true,
    description: '组建志愿队: found a team for an area or a grid.',
  })
  async foundTeam(
    @Args('input') input: FoundTeamInput,
    @Acting() actor: Actor,
  ): Promise<TeamPayload> {
    const area = areaCodeOf(input.area);
    authorise(actor, 'volunteer.manage', area);
    const meta = commandMeta(actor, 'foundTeam', input);
    const outcome = await this.teams.found(meta, { area, name: input.name });
    const { events, position } = doneOf(outcome, teamRefusals);
    const [recorded] = events;
    if (recorded === undefined) throw new Error('a team is founded under an id of its own');
    const id = recorded.stream.slice('team-'.length);
    const team = found(id, await this.views.get(teamsView, id));
    return { team, position: positionText('volunteers', position) };
  }
}

function found(id: string, row: TeamRow | undefined): TeamRow {
  if (row !== undefined) return row;
  throw refusalError(refuse('TeamNotFound', { team: id.slice(0, 40) }), teamRefusals);
}
