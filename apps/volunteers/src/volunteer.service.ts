import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import { Sealing } from '#libs/privacy';
import { Clock, newId } from '#libs/service';
import { type TeamRefusal, teams } from './team.js';
import {
  adultFrom,
  enrolVolunteer,
  type EnrolVolunteer,
  type VolunteerRefusal,
  volunteers,
} from './volunteer.js';
import type { VolunteerDetails } from './volunteer.events.js';

type Enrol = Pick<EnrolVolunteer, 'team' | 'bornOn' | 'guardianConsent' | 'account'> & {
  readonly name: string;
};
type Outcome = Promise<Done | Refusal<VolunteerRefusal | TeamRefusal | 'CommandIdReused'>>;

@Injectable()
export class VolunteerService {
  constructor(
    private readonly commands: Commands,
    private readonly sealing: Sealing,
    private readonly clock: Clock,
  ) {}

  enrol(meta: CommandMeta, { name, ...ask }: Enrol): Outcome {
    const volunteer = newId();
    const at = this.clock.now();
    const details = { name, adultFrom: adultFrom(ask.bornOn, at) };
    const sealed = this.sealing.seal<VolunteerDetails>(volunteer, details);
    return this.commands.execute(meta, async (streams) => {
      const team = await streams.load(teams, ask.team);
      const loaded = await streams.load(volunteers, volunteer);
      const command = { ...ask, volunteer, sealed, at };
      return streams.record(loaded, enrolVolunteer(command, loaded.state, team.state));
    });
  }
}
