import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import { Clock, newId } from '#libs/service';
import { type TeamRefusal, teams } from './team.js';
import {
  enrolVolunteer,
  type EnrolVolunteer,
  type VolunteerRefusal,
  volunteers,
} from './volunteer.js';

type Outcome = Promise<Done | Refusal<VolunteerRefusal | TeamRefusal | 'CommandIdReused'>>;

@Injectable()
export class VolunteerService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  enrol(meta: CommandMeta, ask: Omit<EnrolVolunteer, 'at' | 'volunteer'>): Outcome {
    const volunteer = newId();
    return this.commands.execute(meta, async (streams) => {
      const team = await streams.load(teams, ask.team);
      const loaded = await streams.load(volunteers, volunteer);
      const command = { ...ask, volunteer, at: this.clock.now() };
      return streams.record(loaded, enrolVolunteer(command, loaded.state, team.state));
    });
  }
}
