import { given, refuse } from '#libs/event';
import {
  closing,
  EAST,
  GRID,
  opened,
  registered,
  renamed,
  retired,
  VILLAGE,
  VIRTUAL,
} from '../test/registry.js';
import { type Area, areas } from './area.js';
import { grids, openGrid, renameGrid } from './grid.js';

const { type: _opened, ...open } = opened;
const { type: _renamed, ...rename } = renamed;
const areaAt = (code: string): Area => given(areas, [registered(code)]).state;
const village = areaAt(VILLAGE);

describe('opening a grid', () => {
  it('draws it in a village under its code and name', () => {
    const grid = given(grids, []).when(openGrid, open, village);
    expect(grid.then).toEqual([opened]);
    expect(grid.state).toMatchObject({ status: 'open', name: '第一网格' });
  });

  it('happens once for each code, under whatever name', () => {
    const grid = given(grids, [opened]);
    const taken = refuse('GridAlreadyOpen', { grid: GRID });
    expect(grid.when(openGrid, open, village).then).toEqual(taken);
    expect(grid.when(openGrid, { ...open, name: '另一网格' }, village).then).toEqual(taken);
    expect(given(grids, [opened, renamed]).when(openGrid, open, village).then).toEqual(taken);
    expect(given(grids, [opened, closing]).when(openGrid, open, village).then).toEqual(taken);
  });

  it('is refused for the code of a closed grid: it is never given a second meaning', () => {
    const grid = given(grids, [opened, closing, retired]).when(openGrid, open, village);
    expect(grid.then).toEqual(refuse('GridClosed', { grid: GRID, successor: EAST }));
  });

  it('is refused where no village is registered', () => {
    const grid = given(grids, []).when(openGrid, open, { status: 'none' });
    expect(grid.then).toEqual(refuse('VillageNotFound', { village: VILLAGE }));
  });

  it.each([
    ['community', VIRTUAL],
    ['living area', '430502001598'],
  ])('is refused in a virtual %s, which has no residents', (_, code) => {
    const grid = given(grids, []).when(openGrid, open, areaAt(code));
    expect(grid.then).toEqual(refuse('VillageTakesNoGrids', { village: code }));
  });
});

describe('renaming a grid', () => {
  it('gives it another name', () => {
    const grid = given(grids, [opened]).when(renameGrid, rename);
    expect(grid.then).toEqual([renamed]);
    expect(grid.state).toMatchObject({ status: 'open', name: '河畔网格' });
  });

  it('to the name that it has changes nothing', () => {
    const grid = given(grids, [opened]).when(renameGrid, rename);
    expect(grid.when(renameGrid, rename).then).toEqual([]);
    expect(given(grids, [opened]).when(renameGrid, open).then).toEqual([]);
  });

  it('is possible while the grid is closing, which goes on', () => {
    const grid = given(grids, [opened, closing]).when(renameGrid, rename);
    expect(grid.then).toEqual([renamed]);
    expect(grid.state).toMatchObject({ status: 'closing', name: '河畔网格' });
  });

  it('is refused once the grid is closed: its record keeps the name it had', () => {
    const grid = given(grids, [opened, closing, retired]).when(renameGrid, rename);
    expect(grid.then).toEqual(refuse('GridClosed', { grid: GRID, successor: EAST }));
  });

  it('is refused for a grid that nobody has opened', () => {
    const grid = given(grids, []).when(renameGrid, rename);
    expect(grid.then).toEqual(refuse('GridNotFound', { grid: GRID }));
  });
});
