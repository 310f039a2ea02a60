import type { AppointmentRow } from '#libs/appointments';
import { defineView } from '#libs/views';
import type { PostEvent } from './post.events.js';

/** Which account holds which post, where? The other services have what they heard of the same. */
export const appointmentsView = defineView<AppointmentRow, PostEvent, 'holder'>({
  name: 'appointments',
  version: 1,
  indexes: [['account', 'held', 'id']],
  key: 'holder',
  category: 'post',
  starts: {
    HolderAppointed: ({ event: { holder: id, account = '', post, kind, area } }) => {
      return { id, account, post, kind, area, held: true };
    },
  },
  changes: {
    HolderReleased: (row) => ({ ...row, held: false }),
    PostMoved: (row, { event: { area } }) => ({ ...row, area }),
  },
});
