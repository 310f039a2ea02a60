import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { refuse } from '#libs/event';
import { positionText } from '#libs/event-log';
import {
  Acting,
  authorise,
  commandMeta,
  doneOf,
  Opening,
  OpenWith,
  Reading,
  ReadFrom,
  RecordArgs,
  refusalError,
} from '#libs/service';
import { LiveViews } from '#libs/views';
import { teamRefusals } from './team.refusals.js';
import { TeamNode } from './team.schema.js';
import { type TeamRow, teamsView } from './teams.view.js';
import { isMinor } from './volunteer.js';
import { volunteerRefusals } from './volunteer.refusals.js';
import { EnrolVolunteerInput, VolunteerNode, VolunteerPayload } from './volunteer.schema.js';
import { VolunteerService } from './volunteer.service.js';
import { type VolunteerRow, volunteersView } from './volunteers.view.js';

const texts = { ...teamRefusals, ...volunteerRefusals };

@Resolver(() => VolunteerNode)
export class VolunteerResolver {
  constructor(
    private readonly volunteers: VolunteerService,
    private readonly views: LiveViews,
  ) {}

  @Query(() => VolunteerNode, { nullable: true, description: '志愿者: one volunteer.' })
  async volunteer(
    @Args() { id }: RecordArgs,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<VolunteerRow> {
    const authoriseToday = (row: VolunteerRow): Promise<void> => this.authorise(actor, row);
    return volunteerFound(id, await views.record(volunteersView, id, authoriseToday));
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'For who manages the volunteers of the team’s area, and the volunteer alone; ' +
      'null once it was erased.',
  })
  name(@Parent() { sealed }: VolunteerRow, @OpenWith() opening: Opening): string | null {
    return opening.open(sealed)?.name ?? null;
  }

  @ResolveField(() => Boolean, {
    nullable: true,
    description:
      '未成年: under 18 then, so without night and risky shifts; null once it was erased.',
  })
  minor(
    @Parent() { sealed }: VolunteerRow,
    @ReadFrom() { now }: Reading,
    @OpenWith() opening: Opening,
  ): boolean | null {
    const details = opening.open(sealed);
    return details === undefined ? null : isMinor(details, now);
  }

  @ResolveField(() => TeamNode, { nullable: true })
  async team(@Parent() row: VolunteerRow, @ReadFrom() views: Reading): Promise<TeamRow> {
    return teamFound(row.team, await views.get(teamsView, row.team));
  }

  @Mutation(() => VolunteerPayload, {
    nullable: true,
    description: '登记志愿者: take somebody into a team; a minor with consent only.',
  })
  async enrolVolunteer(
    @Args('input') input: EnrolVolunteerInput,
    @Acting() actor: Actor,
  ): Promise<VolunteerPayload> {
    authorise(actor, 'volunteer.manage', (await this.teamAt(input.teamId)).area);
    const meta = commandMeta(actor, 'enrolVolunteer', input);
    const { teamId: team, name, bornOn, guardianConsent, account } = input;
    const facts = { team, name, bornOn, guardianConsent: guardianConsent ?? false };
    const ask = { ...facts, ...(account != null && { account }) };
    const { events, position } = doneOf(await this.volunteers.enrol(meta, ask), texts);
    const [recorded] = events;
    if (recorded === undefined) throw new Error('a volunteer is enrolled under an id of its own');
    const id = recorded.stream.slice('volunteer-'.length);
    const volunteer = volunteerFound(id, await this.views.get(volunteersView, id));
    return { volunteer, position: positionText('volunteers', position) };
  }

  /** What tells of a volunteer is shown to who manages the team's people, and to themselves. */
  private async authorise(actor: Actor, { id, team }: VolunteerRow): Promise<void> {
    const { area } = await this.teamAt(team);
    authorise(actor, 'volunteer.read', { area, owner: id });
  }

  private async teamAt(id: string): Promise<TeamRow> {
    return teamFound(id, await this.views.get(teamsView, id));
  }
}

function volunteerFound(id: string, row: VolunteerRow | undefined): VolunteerRow {
  if (row !== undefined) return row;
  throw refusalError(refuse('VolunteerNotFound', { volunteer: id.slice(0, 40) }), texts);
}

function teamFound(id: string, row: TeamRow | undefined): TeamRow {
  if (row !== undefined) return row;
  throw refusalError(refuse('TeamNotFound', { team: id }), texts);
}
