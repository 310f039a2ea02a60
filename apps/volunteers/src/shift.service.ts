import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done, type Streams } from '#libs/event-log';
import { knownGrids } from '#libs/grid-work';
import { Sealing } from '#libs/privacy';
import { afterNews, Clock, Neighbours, newId } from '#libs/service';
import { checkIn, type CheckIn, checkOut, confirmHours, type ConfirmHours } from './shift.duty.js';
import type { ShiftEvent } from './shift.events.js';
import { type Shift, type ShiftRefusal, shifts } from './shift.js';
import {
  cancelShift,
  type CancelShift,
  type Claimant,
  claimShift,
  type ClaimShift,
  moveShift,
  type MoveShift,
  publishShift,
  type PublishShift,
} from './shift.roster.js';
import { type TeamRefusal, teams } from './team.js';
import {
  engageVolunteer,
  freeVolunteer,
  type Volunteer,
  type VolunteerRefusal,
  volunteers,
} from './volunteer.js';

type Ask<Command> = Omit<Command, 'at'>;
type AnyRefusal = ShiftRefusal | TeamRefusal | VolunteerRefusal;
type Outcome = Promise<Done | Refusal<AnyRefusal | 'CommandIdReused'>>;
type Decide<Command> = (
  command: Command,
  shift: Shift,
) => readonly ShiftEvent[] | Refusal<AnyRefusal>;

@Injectable()
export class ShiftService {
  constructor(
    private readonly commands: Commands,
    private readonly sealing: Sealing,
    private readonly clock: Clock,
    private readonly neighbours: Neighbours,
  ) {}

  publish(meta: CommandMeta, ask: Omit<PublishShift, 'at' | 'shift'>): Outcome {
    const shift = newId();
    return afterNews(this.neighbours, ['GridNotFound', 'GridClosed'], () =>
      this.commands.execute(meta, async (streams) => {
        // Read with the shift: a grid that is shut meanwhile makes the commit fail.
        const grid = await streams.load(knownGrids, ask.grid);
        const team = await streams.load(teams, ask.team);
        const loaded = await streams.load(shifts, shift);
        const command = { ...ask, shift, at: this.clock.now() };
        const context = { team: team.state, grid: grid.state };
        return streams.record(loaded, publishShift(command, loaded.state, context));
      }),
    );
  }

  /** Two streams in one commit, so that neither shift nor volunteer is taken twice. */
  claim(meta: CommandMeta, ask: Ask<ClaimShift>): Outcome {
    return this.commands.execute<AnyRefusal>(meta, async (streams) => {
      const shift = await streams.load(shifts, ask.shift);
      const volunteer = await streams.load(volunteers, ask.volunteer);
      const command = { ...ask, at: this.clock.now() };
      const claimed = claimShift(command, shift.state, this.claimant(volunteer.state));
      const refusal = streams.record<ShiftEvent, AnyRefusal>(shift, claimed);
      if (refusal !== undefined || shift.state.status === 'none') return refusal;
      const { startsAt, endsAt } = shift.state;
      const engaged = engageVolunteer({ ...command, startsAt, endsAt }, volunteer.state);
      return streams.record(volunteer, engaged);
    });
  }

  /** A claimed shift gives the volunteer's time back in the same commit. */
  cancel(meta: CommandMeta, ask: Ask<CancelShift>): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const shift = await streams.load(shifts, ask.shift);
      const command = { ...ask, at: this.clock.now() };
      const refusal = streams.record(shift, cancelShift(command, shift.state));
      if (refusal !== undefined || !('volunteer' in shift.state)) return refusal;
      const { volunteer: id } = shift.state;
      const volunteer = await streams.load(volunteers, id);
      const freed = freeVolunteer({ ...command, volunteer: id }, volunteer.state);
      return streams.record(volunteer, freed);
    });
  }

  checkIn(meta: CommandMeta, ask: Ask<CheckIn>): Outcome {
    return this.change(meta, ask, checkIn);
  }

  checkOut(meta: CommandMeta, ask: Ask<CheckIn>): Outcome {
    return this.change(meta, ask, checkOut);
  }

  confirm(meta: CommandMeta, ask: Omit<ConfirmHours, 'at' | 'by'>): Outcome {
    return this.commands.execute<AnyRefusal>(meta, async (streams) => {
      const shift = await streams.load(shifts, ask.shift);
      const command = { ...ask, by: meta.actor, at: this.clock.now() };
      const account = await accountOf(streams, shift.state);
      return streams.record(shift, confirmHours(command, shift.state, account));
    });
  }

  move(meta: CommandMeta, ask: Ask<MoveShift>): Outcome {
    return this.change(meta, ask, moveShift);
  }

  /** The rules for minors need one day of the sealed details, and no more. */
  private claimant(volunteer: Volunteer): Claimant {
    if (volunteer.status === 'none') return { volunteer, adultFrom: undefined };
    return { volunteer, adultFrom: this.sealing.open(volunteer.sealed)?.adultFrom };
  }

  private change<Command extends { readonly shift: string; readonly at: string }>(
    meta: CommandMeta,
    ask: Ask<Command>,
    decide: Decide<Command>,
  ): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const loaded = await streams.load(shifts, ask['shift']);
      const command = { ...ask, at: this.clock.now() } as Command;
      return streams.record(loaded, decide(command, loaded.state));
    });
  }
}

/** Under which account the volunteer of a shift signs in. */
async function accountOf(streams: Streams, shift: Shift): Promise<string | undefined> {
  if (!('volunteer' in shift)) return undefined;
  const { state } = await streams.load(volunteers, shift.volunteer);
  return state.status === 'enrolled' ? state.account : undefined;
}
