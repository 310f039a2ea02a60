import type { AreaCode, PostKind } from '#libs/contracts';
import type { Aggregate } from '#libs/event';
import type { AppointmentEvent } from './appointment.events.js';

/** 任职: that an account holds a post, as this service has heard it from the registry. */
export type Appointment =
  | { readonly status: 'none' }
  | { readonly status: 'serving'; readonly area: AreaCode }
  | { readonly status: 'ended' };

/** 获知任职: what the registry has told of who holds a post. */
export interface HearAppointment {
  readonly holder: string;
  readonly account: string;
  readonly post: string;
  readonly kind: PostKind;
  readonly area: AreaCode;
  readonly at: string;
}

export const appointments: Aggregate<Appointment, AppointmentEvent> = {
  category: 'appointment',
  initial: { status: 'none' },
  evolve: (_, event) =>
    event.type === 'AppointmentEnded'
      ? { status: 'ended' }
      : { status: 'serving', area: event.area },
};

/** Whose appointment has ended does not come back: a new one has a new holder's id. */
export function hearAppointment(
  command: HearAppointment,
  appointment: Appointment,
): readonly AppointmentEvent[] {
  return appointment.status === 'none' ? [{ type: 'AppointmentHeard', ...command }] : [];
}

/** It may be heard before the appointment, when that is parked: it then stands for both. */
export function moveAppointment(
  command: HearAppointment,
  appointment: Appointment,
): readonly AppointmentEvent[] {
  const isOver = appointment.status === 'ended';
  const stays = appointment.status === 'serving' && appointment.area === command.area;
  return isOver || stays ? [] : [{ type: 'AppointmentMoved', ...command }];
}

/** Recorded also of one that was never heard of, so that it never begins. */
export function endAppointment(
  command: HearAppointment,
  appointment: Appointment,
): readonly AppointmentEvent[] {
  return appointment.status === 'ended' ? [] : [{ type: 'AppointmentEnded', ...command }];
}
