import { Injectable } from '@nestjs/common';
import { type GridWorkService, parentOf, type StatedReason } from '#libs/contracts';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import { Sealing } from '#libs/privacy';
import { Clock, newId } from '#libs/service';
import { areas } from './area.js';
import {
  endSuccession,
  nameSuccessor,
  type RecordGridWork,
  recordGridWork,
  retireGrid,
  type RetireGrid,
} from './grid.closing.js';
import {
  type GridRefusal,
  grids,
  openGrid,
  type OpenGrid,
  renameGrid,
  type RenameGrid,
} from './grid.js';

type Ask<Command> = Omit<Command, 'at'>;
type AskRetire = Omit<RetireGrid, 'at' | 'asked' | 'closing' | 'sealed'> & StatedReason;
type Outcome = Promise<Done | Refusal<GridRefusal | 'CommandIdReused'>>;

/** 参与服务: the services that are asked for their work when a grid closes. */
export abstract class GridWorkServices {
  abstract readonly asked: readonly GridWorkService[];
}

@Injectable()
export class GridService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
    private readonly sealing: Sealing,
    private readonly services: GridWorkServices,
  ) {}

  open(meta: CommandMeta, ask: Ask<OpenGrid>): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const grid = await streams.load(grids, ask.grid);
      const village = await streams.load(areas, parentOf(ask.grid) ?? '');
      const command = { ...ask, at: this.clock.now() };
      return streams.record(grid, openGrid(command, grid.state, village.state));
    });
  }

  rename(meta: CommandMeta, ask: Ask<RenameGrid>): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const grid = await streams.load(grids, ask.grid);
      return streams.record(grid, renameGrid({ ...ask, at: this.clock.now() }, grid.state));
    });
  }

  /** Asks every service with work in grids; the last answer retires the grid or keeps it. */
  retire(meta: CommandMeta, { reason, ...ask }: AskRetire): Outcome {
    const { asked } = this.services;
    const closing = newId();
    return this.commands.execute(meta, async (streams) => {
      const grid = await streams.load(grids, ask.grid);
      const loaded = await Promise.all(ask.successors.map((code) => streams.load(grids, code)));
      const others = loaded.map(({ state }, index) => ({
        code: ask.successors[index] ?? ask.grid,
        grid: state,
      }));
      // What somebody typed may name anybody: it is kept under a key of this attempt alone.
      const sealed = this.sealing.seal(closing, { reason });
      const command = { ...ask, asked, closing, sealed, at: this.clock.now() };
      const refusal = streams.record(grid, retireGrid(command, grid.state, others));
      if (refusal !== undefined) return refusal;
      for (const [index, { code }] of others.entries()) {
        streams.record(loaded[index] ?? grid, nameSuccessor(command, code));
      }
      return undefined;
    });
  }

  recordWork(meta: CommandMeta, ask: Ask<RecordGridWork>): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const grid = await streams.load(grids, ask.grid);
      const command = { ...ask, at: this.clock.now() };
      const ending = recordGridWork(command, grid.state);
      streams.record(grid, ending);
      const successors = grid.state.status === 'closing' ? grid.state.successors : [];
      for (const code of successors) {
        streams.record(await streams.load(grids, code), endSuccession(command, code, ending));
      }
      return undefined;
    });
  }
}
