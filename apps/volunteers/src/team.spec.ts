import { given, refuse } from '#libs/event';
import {
  founded,
  GRID,
  NOW,
  openGrid,
  shutGrid,
  SUCCESSOR,
  TEAM,
  VILLAGE,
} from '../test/patrols.js';
import { foundTeam, moveTeam, teams } from './team.js';

const { type: _, ...found } = founded;
const forGrid = { ...found, area: GRID };
const unknown = { status: 'none' } as const;

describe('founding a team', () => {
  it('for a village needs no more than its code', () => {
    const team = given(teams, []).when(foundTeam, found, unknown);
    expect(team.then).toEqual([founded]);
    expect(team.state).toEqual({ status: 'founded', area: VILLAGE });
  });

  it('for a grid needs the grid to be open', () => {
    const none = given(teams, []);
    expect(none.when(foundTeam, forGrid, openGrid).then).toEqual([{ ...founded, area: GRID }]);
    expect(none.when(foundTeam, forGrid, unknown).then).toEqual(
      refuse('GridNotFound', { grid: GRID }),
    );
    expect(none.when(foundTeam, forGrid, shutGrid(SUCCESSOR)).then).toEqual(
      refuse('GridClosed', { grid: GRID, successor: SUCCESSOR }),
    );
  });

  it('happens once', () => {
    expect(given(teams, [founded]).when(foundTeam, found, unknown).then).toEqual([]);
  });
});

describe('the team of a closing grid', () => {
  const move = { team: TEAM, area: SUCCESSOR, at: NOW };

  it('goes along to the successor, and its history says from where', () => {
    const team = given(teams, [{ ...founded, area: GRID }]).when(moveTeam, move);
    expect(team.then).toEqual([{ type: 'TeamMoved', ...move, from: GRID }]);
    expect(team.state).toEqual({ status: 'founded', area: SUCCESSOR });
  });

  it('moves once, and only when there is one', () => {
    const team = given(teams, [{ ...founded, area: GRID }]).when(moveTeam, move);
    expect(team.when(moveTeam, move).then).toEqual([]);
    expect(given(teams, []).when(moveTeam, move).then).toEqual([]);
  });
});
