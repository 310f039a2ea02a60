import { Injectable } from '@nestjs/common';
import {
  type Appointment,
  type AppointmentEvent,
  appointments,
  endAppointment,
  type HearAppointment,
  hearAppointment,
  moveAppointment,
} from '#libs/appointments';
import { type CommandMeta, Commands } from '#libs/event-log';
import { Clock } from '#libs/scheduler';

type Told = Omit<HearAppointment, 'at'>;
type Rule = (command: HearAppointment, appointment: Appointment) => readonly AppointmentEvent[];

/** What this service has heard of who holds which post. */
@Injectable()
export class KnownAppointmentService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  hear(meta: CommandMeta, told: Told): Promise<void> {
    return this.change(meta, told, hearAppointment);
  }

  move(meta: CommandMeta, told: Told): Promise<void> {
    return this.change(meta, told, moveAppointment);
  }

  end(meta: CommandMeta, told: Told): Promise<void> {
    return this.change(meta, told, endAppointment);
  }

  private async change(meta: CommandMeta, told: Told, rule: Rule): Promise<void> {
    await this.commands.execute(meta, async (streams) => {
      const loaded = await streams.load(appointments, told.holder);
      return streams.record(loaded, rule({ ...told, at: this.clock.now() }, loaded.state));
    });
  }
}
