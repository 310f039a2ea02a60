import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { GridClosingPublishedEvent, GridRegistryPublishedEvent } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import type { CommandMeta } from '#libs/event-log';
import { OwnLog } from './readings.js';
import { KnownAppointmentService } from './known-appointment.service.js';
import { reactionMeta } from './reaction-meta.js';

type RegistryEvent = GridRegistryPublishedEvent | GridClosingPublishedEvent;
type Published<Type extends RegistryEvent['type']> = Recorded<
  Extract<RegistryEvent, { type: Type }>
>;

/**
 * Somebody was appointed, went along with their post, or was released: what their account may do
 * here follows. An appointment without an account gives nobody a right, and is passed over.
 */
@Controller()
export class AppointmentReaction {
  constructor(
    private readonly known: KnownAppointmentService,
    private readonly log: OwnLog,
  ) {}

  @EventPattern('grid-registry.HolderAppointed')
  async appointed(@Payload() recorded: Published<'HolderAppointed'>): Promise<void> {
    const { post, kind, area, holder, account } = recorded.event;
    if (account === undefined) return;
    const meta = this.meta(recorded, 'hearAppointment');
    await this.known.hear(meta, { holder, account, post, kind, area });
  }

  @EventPattern('grid-registry.PostMoved')
  async moved(@Payload() recorded: Published<'PostMoved'>): Promise<void> {
    const { post, kind, area, holder, account } = recorded.event;
    if (account === undefined || holder === null) return;
    const meta = this.meta(recorded, 'moveAppointment');
    await this.known.move(meta, { holder, account, post, kind, area });
  }

  @EventPattern('grid-registry.HolderReleased')
  async released(@Payload() recorded: Published<'HolderReleased'>): Promise<void> {
    const { post, kind, area, holder, account } = recorded.event;
    if (account === undefined) return;
    const meta = this.meta(recorded, 'endAppointment');
    await this.known.end(meta, { holder, account, post, kind, area });
  }

  private meta(recorded: Recorded, command: string): CommandMeta {
    return reactionMeta(this.log.origin, recorded, command);
  }
}
