import { Injectable } from '@nestjs/common';
import { type CommandMeta, Commands } from '#libs/event-log';
import {
  type AdmitGrid,
  admitGrid,
  type AnswerClosing,
  answerClosing,
  type KnownGrid,
  type KnownGridEvent,
  knownGrids,
  nameGrid,
  type ReopenGrid,
  reopenGrid,
  type ShutGrid,
  shutGrid,
} from '#libs/grid-work';
import { Clock } from '#libs/scheduler';

type Ask<Command> = Omit<Command, 'at'>;

@Injectable()
export class KnownGridService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {}

  admit(meta: CommandMeta, ask: Ask<AdmitGrid>): Promise<void> {
    return this.change(meta, ask.grid, (grid, at) => admitGrid({ ...ask, at }, grid));
  }

  name(meta: CommandMeta, ask: Ask<AdmitGrid> & { readonly name: string }): Promise<void> {
    return this.change(meta, ask.grid, (grid, at) => nameGrid({ ...ask, at }, grid));
  }

  shut(meta: CommandMeta, ask: Ask<ShutGrid>): Promise<void> {
    return this.change(meta, ask.grid, (grid, at) => shutGrid({ ...ask, at }, grid));
  }

  reopen(meta: CommandMeta, ask: Ask<ReopenGrid>): Promise<void> {
    return this.change(meta, ask.grid, (grid, at) => reopenGrid({ ...ask, at }, grid));
  }

  answer(meta: CommandMeta, ask: Ask<AnswerClosing>): Promise<void> {
    return this.change(meta, ask.grid, (grid, at) => answerClosing({ ...ask, at }, grid));
  }

  private async change(
    meta: CommandMeta,
    code: string,
    decide: (grid: KnownGrid, at: string) => readonly KnownGridEvent[],
  ): Promise<void> {
    await this.commands.execute(meta, async (streams) => {
      const grid = await streams.load(knownGrids, code);
      return streams.record(grid, decide(grid.state, this.clock.now()));
    });
  }
}
