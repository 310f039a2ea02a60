import type { AreaCode } from '#libs/contracts';
import type { CommandMeta } from '#libs/event-log';

/** 网格工作: what a service has to do in grids, so that it can go along when one closes. */
export abstract class GridWork {
  /** The service's name, in which its reactions act. */
  abstract readonly service: string;

  /** Ids of what is still to be done in a grid; asked after the grid was shut. */
  abstract openIn(grid: AreaCode): Promise<readonly string[]>;

  /** Moves one piece of work to another grid; its history shows from where. */
  abstract move(meta: CommandMeta, id: string, to: AreaCode): Promise<void>;
}
