import { Injectable } from '@nestjs/common';
import { type CommandMeta, Commands } from '#libs/event-log';
import { Clock } from '#libs/service';
import {
  enlistMediator,
  type EnlistMediator,
  mediators,
  moveMediator,
  withdrawMediator,
  type WithdrawMediator,
} from './mediator.js';

@Injectable()
export class MediatorService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  enlist(meta: CommandMeta, ask: Omit<EnlistMediator, 'at'>) {
    return this.commands.execute(meta, async (streams) => {
      const mediator = await streams.load(mediators, ask.mediator);
      const command = { ...ask, at: this.clock.now() };
      return streams.record(mediator, enlistMediator(command, mediator.state));
    });
  }

  move(meta: CommandMeta, ask: Omit<EnlistMediator, 'at'>) {
    return this.commands.execute(meta, async (streams) => {
      const mediator = await streams.load(mediators, ask.mediator);
      const command = { ...ask, at: this.clock.now() };
      return streams.record(mediator, moveMediator(command, mediator.state));
    });
  }

  withdraw(meta: CommandMeta, ask: Omit<WithdrawMediator, 'at'>) {
    return this.commands.execute(meta, async (streams) => {
      const mediator = await streams.load(mediators, ask.mediator);
      const command = { ...ask, at: this.clock.now() };
      return streams.record(mediator, withdrawMediator(command, mediator.state));
    });
  }
}
