import { Injectable } from '@nestjs/common';
import type { AreaCode, ObservationText } from '#libs/contracts';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import { knownGrids } from '#libs/grid-work';
import { Sealing } from '#libs/privacy';
import { Clock, newId } from '#libs/service';
import {
  type FollowObservation,
  followObservation,
  type NoteObservation,
  noteObservation,
  observations,
} from './observation.js';
import { type ShiftRefusal, shifts } from './shift.js';

type Note = Pick<NoteObservation, 'shift' | 'volunteer'> & ObservationText;
type Outcome = Promise<Done | Refusal<ShiftRefusal | 'CommandIdReused'>>;

/** More than a grid has successors in its life. */
const SUCCESSORS_MAX = 50;

@Injectable()
export class ObservationService {
  constructor(
    private readonly commands: Commands,
    private readonly sealing: Sealing,
    private readonly clock: Clock,
  ) {}

  note(meta: CommandMeta, { place, fact, ...ask }: Note): Outcome {
    const observation = newId();
    const sealed = this.sealing.seal<ObservationText>(observation, { place, fact });
    return this.commands.execute(meta, async (streams) => {
      // Read with the observation: nothing is noted on a shift that ends meanwhile.
      const shift = await streams.load(shifts, ask.shift);
      const loaded = await streams.load(observations, observation);
      const command = { ...ask, observation, sealed, at: this.clock.now() };
      return streams.record(loaded, noteObservation(command, loaded.state, shift.state));
    });
  }

  follow(meta: CommandMeta, ask: Omit<FollowObservation, 'at'>): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const loaded = await streams.load(observations, ask.observation);
      const command = { ...ask, at: this.clock.now() };
      return streams.record(loaded, followObservation(command, loaded.state));
    });
  }

  /** Where the work of a grid is by now. */
  workOf(grid: AreaCode): Promise<AreaCode> {
    return workOf(this.commands, grid);
  }
}

/** Where the work of a grid is by now: its hazards went along each time one was closed. */
export async function workOf(commands: Commands, grid: AreaCode): Promise<AreaCode> {
  let now = grid;
  for (let moves = 0; moves < SUCCESSORS_MAX; moves += 1) {
    const known = await commands.read(knownGrids, now);
    const next = known.status === 'shut' ? known.successors[0] : undefined;
    if (next === undefined) break;
    now = next;
  }
  return now;
}
