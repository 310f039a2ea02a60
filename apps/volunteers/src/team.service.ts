import { Injectable } from '@nestjs/common';
import type { Refusal } from '#libs/event';
import { type CommandMeta, Commands, type Done } from '#libs/event-log';
import { knownGrids } from '#libs/grid-work';
import { afterNews, Clock, Neighbours, newId } from '#libs/service';
import {
  type FoundTeam,
  foundTeam,
  type MoveTeam,
  moveTeam,
  type TeamRefusal,
  teams,
} from './team.js';

type Outcome = Promise<Done | Refusal<TeamRefusal | 'CommandIdReused'>>;

@Injectable()
export class TeamService {
  constructor(
    private readonly commands: Commands,
    private readonly clock: Clock,
    private readonly neighbours: Neighbours,
  ) {}

  found(meta: CommandMeta, ask: Omit<FoundTeam, 'at' | 'team'>): Outcome {
    const team = newId();
    return afterNews(this.neighbours, ['GridNotFound', 'GridClosed'], () =>
      this.commands.execute(meta, async (streams) => {
        // Read with the team: a grid that is shut meanwhile makes the commit fail.
        const grid = await streams.load(knownGrids, ask.area);
        const loaded = await streams.load(teams, team);
        const command = { ...ask, team, at: this.clock.now() };
        return streams.record(loaded, foundTeam(command, loaded.state, grid.state));
      }),
    );
  }

  move(meta: CommandMeta, ask: Omit<MoveTeam, 'at'>): Outcome {
    return this.commands.execute(meta, async (streams) => {
      const loaded = await streams.load(teams, ask.team);
      const command = { ...ask, at: this.clock.now() };
      return streams.record(loaded, moveTeam(command, loaded.state));
    });
  }
}
