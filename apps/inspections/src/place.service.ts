import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done, type Streams } from '#libs/event-log';
import { type KnownGridRefusal, knownGrids } from '#libs/grid-work';
import { afterNews, Clock, Neighbours, newId } from '#libs/service';
import {
  closePlace,
  type ClosePlace,
  movePlace,
  type MovePlace,
  type PlaceRefusal,
  places,
  registerPlace,
  type RegisterPlace,
} from './place.js';

type Outcome<Code extends string> = Promise<Done | Refusal<Code | 'CommandIdReused'>>;

/** Refusals that only say what was heard so far of grids. */
export const MAY_BE_OLD_NEWS = ['GridNotFound', 'GridClosed'] as const;

@Injectable()
export class PlaceService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
    private readonly neighbours: Neighbours,
  ) {}

  register(meta: CommandMeta, ask: Omit<RegisterPlace, 'at' | 'place'>): Outcome<KnownGridRefusal> {
    const id = newId();
    return afterNews(this.neighbours, MAY_BE_OLD_NEWS, () =>
      this.commands.execute(meta, async (streams) => {
        const grid = await streams.load(knownGrids, ask.grid);
        const place = await streams.load(places, id);
        const command = { ...ask, place: id, at: this.clock.now() };
        return streams.record(place, registerPlace(command, place.state, grid.state));
      }),
    );
  }

  close(meta: CommandMeta, ask: Omit<ClosePlace, 'at'>): Outcome<PlaceRefusal> {
    return this.commands.execute(meta, async (streams) => {
      const place = await streams.load(places, ask.place);
      return streams.record(place, closePlace({ ...ask, at: this.clock.now() }, place.state));
    });
  }

  move(meta: CommandMeta, ask: Omit<MovePlace, 'at'>): Outcome<never> {
    return this.commands.execute(meta, async (streams) => {
      const place = await streams.load(places, ask.place);
      return streams.record(place, movePlace({ ...ask, at: this.clock.now() }, place.state));
    });
  }
}

/** A place and its grid, read together: a grid that is shut meanwhile makes the commit fail. */
export async function placeInGrid(streams: Streams, id: string | undefined) {
  const place = id === undefined ? places.initial : (await streams.load(places, id)).state;
  if (place.status === 'none') return { place, grid: knownGrids.initial };
  return { place, grid: (await streams.load(knownGrids, place.grid)).state };
}
