import type { AreaCode, PostKind } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { AppointmentEvent } from './appointment.events.js';

/** Which account holds which post, where; kept after the release, when it gives no right. */
export interface AppointmentRow {
  /** The holder's id: one appointment. */
  readonly id: string;
  /** Empty when nobody signs in under it. */
  readonly account: string;
  readonly post: string;
  readonly kind: PostKind;
  readonly area: AreaCode;
  readonly held: boolean;
}

const held = ({ event }: { readonly event: AppointmentEvent }): AppointmentRow => {
  const { holder: id, account, post, kind, area } = event;
  return { id, account, post, kind, area, held: true };
};

/** What may an account do, by the appointments that this service has heard of? */
export const heardAppointmentsView = defineView<AppointmentRow, AppointmentEvent, 'holder'>({
  name: 'appointments',
  version: 1,
  indexes: [['account', 'held', 'id']],
  key: 'holder',
  category: 'appointment',
  starts: {
    AppointmentHeard: held,
    AppointmentMoved: held,
    AppointmentEnded: (recorded) => ({ ...held(recorded), held: false }),
  },
});
