import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import { Clock, newId } from '#libs/service';
import {
  type FollowObservation,
  followObservation,
  type NoteObservation,
  noteObservation,
  observations,
} from './observation.js';
import { type ShiftRefusal, shifts } from './shift.js';

type Outcome = Promise<Done | Refusal<ShiftRefusal | 'CommandIdReused'>>;

@Injectable()
export class ObservationService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  note(meta: CommandMeta, ask: Omit<NoteObservation, 'at' | 'observation'>): Outcome {
    const observation = newId();
    return this.commands.execute(meta, async (streams) => {
      // Read with the observation: nothing is noted on a shift that ends meanwhile.
      const shift = await streams.load(shifts, ask.shift);
      const loaded = await streams.load(observations, observation);
      const command = { ...ask, observation, at: this.clock.now() };
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
}
