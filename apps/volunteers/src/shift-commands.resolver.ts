import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { type Action, type Actor, type Grant, isSelf } from '#libs/access';
import { type AreaCode, covers, levelOf, parseAreaCode } from '#libs/contracts';
import { refuse, type Refusal } from '#libs/event';
import { type CommandMeta, type Done, positionText } from '#libs/event-log';
import { Acting, allowed, authorise, commandMeta, doneOf, refusalError } from '#libs/service';
import { LiveViews } from '#libs/views';
import { NoteObservationInput, ObservationPayload } from './observation.schema.js';
import { ObservationService } from './observation.service.js';
import { observationsView } from './observations.view.js';
import { type PatrolRow, patrolsView } from './patrols.view.js';
import {
  CancelShiftInput,
  CheckInInput,
  CheckOutInput,
  ClaimShiftInput,
  ConfirmHoursInput,
  PublishShiftInput,
  type ServeShiftInput,
  type ShiftInput,
} from './shift-commands.schema.js';
import type { ShiftRefusal } from './shift.js';
import { shiftRefusals } from './shift.refusals.js';
import { ShiftPayload } from './shift.schema.js';
import { ShiftService } from './shift.service.js';
import type { TeamRefusal } from './team.js';
import { teamRefusals } from './team.refusals.js';
import type { VolunteerRefusal } from './volunteer.js';
import { volunteerRefusals } from './volunteer.refusals.js';

type AnyRefusal = ShiftRefusal | TeamRefusal | VolunteerRefusal;
type Outcome = Done | Refusal<AnyRefusal | 'CommandIdReused'>;

/** What a volunteer does on a shift, as the resolver has understood it. */
interface Serving {
  readonly meta: CommandMeta;
  readonly ask: { readonly shift: string; readonly volunteer: string };
}

const texts = { ...shiftRefusals, ...teamRefusals, ...volunteerRefusals };
const answers = (description: string) => ({ nullable: true, description });

@Resolver()
export class ShiftCommandsResolver {
  constructor(
    private readonly shifts: ShiftService,
    private readonly observations: ObservationService,
    private readonly views: LiveViews,
  ) {}

  @Mutation(() => ShiftPayload, answers('发布班次: offer a patrol to the volunteers of a team.'))
  async publishShift(
    @Args('input') input: PublishShiftInput,
    @Acting() actor: Actor,
  ): Promise<ShiftPayload> {
    const grid = parseAreaCode(input.grid);
    if (grid === undefined || levelOf(grid) !== 'GRID') {
      throw refusalError(refuse('GridCodeMalformed', { code: input.grid }), texts);
    }
    authorise(actor, 'shift.manage', grid);
    const { teamId: team, risk } = input;
    const startsAt = new Date(input.startsAt).toISOString();
    const endsAt = new Date(input.endsAt).toISOString();
    const meta = commandMeta(actor, 'publishShift', input);
    return this.answer(await this.shifts.publish(meta, { team, grid, startsAt, endsAt, risk }));
  }

  @Mutation(() => ShiftPayload, answers('认领班次: a volunteer takes a shift of the own team.'))
  async claimShift(
    @Args('input') input: ClaimShiftInput,
    @Acting() actor: Actor,
  ): Promise<ShiftPayload> {
    const { meta, ask } = await this.serving(actor, 'claimShift', input, 'ClaimForAnother');
    return this.answer(await this.shifts.claim(meta, ask), ask.shift);
  }

  @Mutation(() => ShiftPayload, answers('签到: from 30 minutes before the start until the end.'))
  async checkIn(@Args('input') input: CheckInInput, @Acting() actor: Actor): Promise<ShiftPayload> {
    const { meta, ask } = await this.serving(actor, 'checkIn', input);
    return this.answer(await this.shifts.checkIn(meta, ask), ask.shift);
  }

  @Mutation(() => ShiftPayload, answers('签退: until two hours after the end.'))
  async checkOut(
    @Args('input') input: CheckOutInput,
    @Acting() actor: Actor,
  ): Promise<ShiftPayload> {
    const { meta, ask } = await this.serving(actor, 'checkOut', input);
    return this.answer(await this.shifts.checkOut(meta, ask), ask.shift);
  }

  @Mutation(() => ObservationPayload, answers('记录发现: a place and a fact, while checked in.'))
  async noteObservation(
    @Args('input') input: NoteObservationInput,
    @Acting() actor: Actor,
  ): Promise<ObservationPayload> {
    const { meta, ask } = await this.serving(actor, 'noteObservation', input);
    const { place, fact } = input;
    const outcome: Outcome = await this.observations.note(meta, { ...ask, place, fact });
    const { events, position } = doneOf(outcome, texts);
    const id = events[0]?.stream.slice('observation-'.length) ?? '';
    const observation = await this.views.get(observationsView, id);
    if (observation === undefined) throw new Error('an observation is noted but in no view');
    return { observation, position: positionText('volunteers', position) };
  }

  @Mutation(() => ShiftPayload, answers('确认时长: somebody else confirms the time truly spent.'))
  async confirmHours(
    @Args('input') input: ConfirmHoursInput,
    @Acting() actor: Actor,
  ): Promise<ShiftPayload> {
    const meta = await this.asked(actor, 'hours.confirm', 'confirmHours', input);
    return this.answer(await this.shifts.confirm(meta, { shift: input.shiftId }), input.shiftId);
  }

  @Mutation(() => ShiftPayload, answers('取消班次: it does not take place; what was served stays.'))
  async cancelShift(
    @Args('input') input: CancelShiftInput,
    @Acting() actor: Actor,
  ): Promise<ShiftPayload> {
    const meta = await this.asked(actor, 'shift.manage', 'cancelShift', input);
    return this.answer(await this.shifts.cancel(meta, { shift: input.shiftId }), input.shiftId);
  }

  /** A volunteer acts for nobody else; who manages shifts there acts on a volunteer's behalf. */
  private async serving(
    actor: Actor,
    name: string,
    input: ServeShiftInput,
    forAnother: 'ClaimForAnother' | 'NotYourShift' = 'NotYourShift',
  ): Promise<Serving> {
    const { grid } = await this.patrolAt(input.shiftId);
    const volunteer = input.volunteerId ?? selfOf(actor, grid);
    const mine = isSelf(actor, volunteer);
    authorise(actor, 'shift.serve', { area: grid, owner: mine ? volunteer : selfOf(actor, grid) });
    if (!mine && !allowed(actor, 'shift.manage', grid)) {
      throw refusalError(refuse(forAnother), texts);
    }
    return { meta: commandMeta(actor, name, input), ask: { shift: input.shiftId, volunteer } };
  }

  private async asked(
    actor: Actor,
    action: Action,
    name: string,
    input: ShiftInput,
  ): Promise<CommandMeta> {
    const { grid } = await this.patrolAt(input.shiftId);
    authorise(actor, action, grid);
    return commandMeta(actor, name, input);
  }

  private async answer(outcome: Outcome, asked?: string): Promise<ShiftPayload> {
    const { events, position } = doneOf(outcome, texts);
    const id = asked ?? events[0]?.stream.slice('shift-'.length);
    if (id === undefined) throw new Error('a shift command is always about a shift');
    return { shift: await this.patrolAt(id), position: positionText('volunteers', position) };
  }

  private async patrolAt(id: string): Promise<PatrolRow> {
    const row = await this.views.get(patrolsView, id);
    if (row !== undefined) return row;
    throw refusalError(refuse('ShiftNotFound', { shift: id.slice(0, 40) }), texts);
  }
}

/** As which volunteer somebody acts there by themselves: the one enrolled there, or the subject. */
function selfOf({ subject, grants }: Actor, grid: AreaCode): string {
  const here = grants.filter(({ area }) => covers(area, grid)).map(({ source }) => source);
  return here.find(isEnrolment)?.volunteer ?? subject;
}

type Enrolment = Extract<Grant['source'], { kind: 'enrolment' }>;

function isEnrolment(source: Grant['source']): source is Enrolment {
  return source.kind === 'enrolment';
}
