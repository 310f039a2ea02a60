import { Injectable } from '@nestjs/common';
import type { AreaCode } from '#libs/contracts';
import { isRefusal } from '#libs/event';
import { NotHeardYet } from '#libs/event-bus';
import type { CommandMeta } from '#libs/event-log';
import { GridWork } from '#libs/service';
import { LiveViews, type Query, type View } from '#libs/views';
import { observationsView } from './observations.view.js';
import { patrolsView } from './patrols.view.js';
import { ShiftService } from './shift.service.js';
import { TeamService } from './team.service.js';
import { teamsView } from './teams.view.js';

const SHIFT = 'shift-';
const TEAM = 'team-';
const NOTE = 'observation-';

/**
 * What volunteers has to do in a grid: observations that inspections has not heard of, shifts that
 * are open, and the teams of that grid.
 */
@Injectable()
export class VolunteersGridWork extends GridWork {
  override readonly service = 'volunteers';

  constructor(
    private readonly shifts: ShiftService,
    private readonly teams: TeamService,
    private readonly views: LiveViews,
  ) {
    super();
  }

  /** Each piece of work is named by its stream, which says what it is. */
  override async openIn(grid: AreaCode): Promise<readonly string[]> {
    const shifts = await this.idsOf(patrolsView, { open: true, grid });
    const teams = await this.idsOf(teamsView, { area: grid });
    const notes = await this.idsOf(observationsView, { grid, outcome: 'NOTED' });
    return [
      ...notes.map((id) => `${NOTE}${id}`),
      ...shifts.map((id) => `${SHIFT}${id}`),
      ...teams.map((id) => `${TEAM}${id}`),
    ];
  }

  override async move(meta: CommandMeta, id: string, to: AreaCode): Promise<void> {
    if (id.startsWith(NOTE)) {
      // The hazard that answers it must be found before the registry hears that all is moved: else
      // it could appear in a grid that is closed. This closing is tried again until then.
      throw new NotHeardYet(`${id} is not answered by inspections yet`);
    }
    const outcome = id.startsWith(TEAM)
      ? await this.teams.move(meta, { team: id.slice(TEAM.length), area: to })
      : await this.shifts.move(meta, { shift: id.slice(SHIFT.length), grid: to });
    if (isRefusal(outcome)) throw new Error(`${id} is not moved: ${outcome.refused}`);
  }

  private async idsOf<Row extends { readonly id: string }>(
    view: View<Row>,
    equals: NonNullable<Query<Row>['equals']>,
  ): Promise<readonly string[]> {
    const rows = await this.views.findAll(view, { equals, orderBy: ['id'] });
    return rows.map(({ id }) => id);
  }
}
