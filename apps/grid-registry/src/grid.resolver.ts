import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/access';
import { type AreaCode, levelOf, parseAreaCode } from '#libs/contracts';
import { refuse } from '#libs/event';
import { type Done, positionText } from '#libs/event-log';
import {
  Acting,
  authorise,
  commandMeta,
  doneOf,
  Reading,
  ReadFrom,
  refusalError,
} from '#libs/service';
import { LiveViews } from '#libs/views';
import { AreaNode } from './area.schema.js';
import { type AreaRow, areasView } from './areas.view.js';
import { gridRefusals } from './grid.refusals.js';
import {
  GridHistoryNode,
  type GridLinkNode,
  GridPayload,
  OpenGridInput,
  RenameGridInput,
  RetireGridInput,
} from './grid.schema.js';
import { GridService } from './grid.service.js';
import { type GridLink, gridsView } from './grids.view.js';

@Resolver()
export class GridResolver {
  constructor(
    private readonly grids: GridService,
    private readonly views: LiveViews,
  ) {}

  @Mutation(() => GridPayload, {
    nullable: true,
    description: '开设网格: draw a grid in a village. A virtual village takes none.',
  })
  async openGrid(
    @Args('input') input: OpenGridInput,
    @Acting() actor: Actor,
  ): Promise<GridPayload> {
    const grid = gridCodeOf(input.code);
    authorise(actor, 'grid.manage', grid);
    const meta = commandMeta(actor, 'openGrid', input);
    const outcome = await this.grids.open(meta, { grid, name: input.name });
    return this.answer(grid, doneOf(outcome, gridRefusals));
  }

  @Mutation(() => GridPayload, {
    nullable: true,
    description: '更名网格: give a grid another name.',
  })
  async renameGrid(
    @Args('input') input: RenameGridInput,
    @Acting() actor: Actor,
  ): Promise<GridPayload> {
    const grid = gridCodeOf(input.code);
    authorise(actor, 'grid.manage', grid);
    const meta = commandMeta(actor, 'renameGrid', input);
    const outcome = await this.grids.rename(meta, { grid, name: input.name });
    return this.answer(grid, doneOf(outcome, gridRefusals));
  }

  @Mutation(() => GridPayload, {
    nullable: true,
    description:
      '撤并网格: close a grid. It answers CLOSING; the grid is retired when every service has ' +
      'moved its open work to the first successor, or stays when work is left and none is named.',
  })
  async retireGrid(
    @Args('input') input: RetireGridInput,
    @Acting() actor: Actor,
  ): Promise<GridPayload> {
    const grid = gridCodeOf(input.code);
    const successors = input.successors.map(gridCodeOf);
    for (const code of [grid, ...successors]) authorise(actor, 'grid.manage', code);
    const meta = commandMeta(actor, 'retireGrid', input);
    const outcome = await this.grids.retire(meta, { grid, successors, reason: input.reason });
    return this.answer(grid, doneOf(outcome, gridRefusals));
  }

  private async answer(code: AreaCode, { position }: Done): Promise<GridPayload> {
    const grid: AreaRow | undefined = await this.views.get(areasView, code);
    if (grid === undefined) throw new Error(`grid ${code} is recorded but in no view`);
    return { grid, position: positionText('grid-registry', position) };
  }
}

@Resolver(() => AreaNode)
export class AreaGridResolver {
  @ResolveField(() => GridHistoryNode, {
    nullable: true,
    description: 'Where a grid comes from and what became of it; null for other areas.',
  })
  async grid(
    @Parent() { code }: AreaNode,
    @Acting() actor: Actor,
    @ReadFrom() views: Reading,
  ): Promise<GridHistoryNode | null> {
    authorise(actor, 'area.read', code);
    const row = await views.get(gridsView, code);
    if (row === undefined) return null;
    const [predecessors, successors] = await Promise.all([
      named(views, row.predecessors),
      named(views, row.successors),
    ]);
    return { ...row, predecessors, successors };
  }
}

function named(views: Reading, links: readonly GridLink[]): Promise<readonly GridLinkNode[]> {
  return Promise.all(
    links.map(async ({ code, since }) => {
      const area = await views.get(areasView, code);
      return { code, since, name: area?.name ?? null };
    }),
  );
}

function gridCodeOf(text: string): AreaCode {
  const code = parseAreaCode(text);
  if (code !== undefined && levelOf(code) === 'GRID') return code;
  throw refusalError(refuse('GridCodeMalformed', { code: text }), gridRefusals);
}
