import { given, isRefusal, refuse } from '#libs/event';
import {
  answered,
  areaCode,
  closing,
  CLOSING,
  EAST,
  ended,
  GRID,
  id,
  named,
  opened,
  retired,
  staysOpen,
  WEST,
} from '../test/registry.js';
import {
  endSuccession,
  nameSuccessor,
  type OtherGrid,
  recordGridWork,
  type RecordGridWork,
  retireGrid,
} from './grid.closing.js';
import type { GridEvent } from './grid.events.js';
import { grids } from './grid.js';

const { type: _closing, ...retire } = closing;
const { type: _answered, ...answer } = answered;
const open = given(grids, [opened]).state;
const beside = (code = EAST, grid = open): OtherGrid => ({ code, grid });
/** What the registry itself answers for the posts. */
const own = { ...answer, service: 'grid-registry' } as const;

describe('closing a grid', () => {
  it('asks every service with work there, and keeps the sealed reason', () => {
    const grid = given(grids, [opened]).when(retireGrid, retire, [beside()]);
    expect(grid.then).toEqual([closing]);
    const { successors, asked } = closing;
    const attempt = { status: 'closing', closing: CLOSING, successors, asked, answers: [] };
    expect(grid.state).toEqual({ ...attempt, name: opened.name });
  });

  it('needs no successor, and takes several in the order of the request', () => {
    const alone = { ...retire, successors: [] };
    expect(given(grids, [opened]).when(retireGrid, alone, []).then).toEqual([
      { ...closing, successors: [] },
    ]);
    const both = { ...retire, successors: [WEST, EAST] };
    const split = given(grids, [opened]).when(retireGrid, both, [beside(WEST), beside(EAST)]);
    expect(split.then).toEqual([{ ...closing, successors: [WEST, EAST] }]);
  });

  it('is refused for a grid that nobody has opened', () => {
    const grid = given(grids, []).when(retireGrid, retire, [beside()]);
    expect(grid.then).toEqual(refuse('GridNotFound', { grid: GRID }));
  });

  it('is refused while an attempt is under way', () => {
    const grid = given(grids, [opened, closing]).when(retireGrid, retire, [beside()]);
    expect(grid.then).toEqual(refuse('GridAlreadyClosing', { grid: GRID }));
  });

  it('is refused once the grid is closed, and tells where its work went', () => {
    const grid = given(grids, [opened, closing, retired]);
    const closed = (successor: string) => refuse('GridClosed', { grid: GRID, successor });
    expect(grid.when(retireGrid, retire, [beside()]).then).toEqual(closed(EAST));
    const alone = given(grids, [opened, closing, { ...retired, successors: [] }]);
    expect(alone.when(retireGrid, retire, [beside()]).then).toEqual(closed('—'));
  });

  it('is refused while work of another grid is on its way there, and not after that', () => {
    const here = { ...named, grid: GRID, predecessor: WEST };
    const second = { ...here, closing: id('f2') };
    const receives = refuse('GridReceivesWork', { grid: GRID });
    for (const events of [
      [opened, here],
      [opened, here, second, { ...ended, grid: GRID }],
    ]) {
      expect(given(grids, events).when(retireGrid, retire, [beside()]).then).toEqual(receives);
    }
    for (const taken of [true, false]) {
      const over = given(grids, [opened, here, { ...ended, grid: GRID, taken }]);
      expect(over.when(retireGrid, retire, [beside()]).then).toEqual([closing]);
    }
  });

  it('is possible again after an attempt that was refused', () => {
    const again = { ...retire, closing: id('f2') };
    const grid = given(grids, [opened, closing, answered, staysOpen]);
    expect(grid.when(retireGrid, again, [beside()]).then).toEqual([
      { ...closing, closing: id('f2') },
    ]);
  });
});

describe('a successor', () => {
  const asked = (...others: readonly OtherGrid[]) =>
    given(grids, [opened]).when(retireGrid, retire, others).then;

  it('is never the grid itself', () => {
    expect(asked(beside(GRID))).toEqual(refuse('SuccessorIsItself', { grid: GRID }));
  });

  it('lies in the same village', () => {
    const successor = areaCode('430502001002001');
    const elsewhere = refuse('SuccessorInAnotherVillage', { successor, grid: GRID });
    expect(asked(beside(successor))).toEqual(elsewhere);
  });

  it.each<readonly [string, readonly GridEvent[]]>([
    ['was never opened', []],
    ['is closing', [opened, closing]],
    ['is closed', [opened, closing, retired]],
  ])('is refused when it %s, be it the first or the last', (_, events) => {
    const unfit = beside(WEST, given(grids, events).state);
    const notOpen = refuse('SuccessorNotOpen', { successor: WEST });
    expect(asked(unfit)).toEqual(notOpen);
    expect(asked(beside(EAST), unfit)).toEqual(notOpen);
  });

  it('may be open again after an attempt to close it was refused', () => {
    const again = beside(EAST, given(grids, [opened, closing, staysOpen]).state);
    expect(asked(again)).toEqual([closing]);
  });

  it('records whose work comes, and takes no part in any other attempt until that ends', () => {
    const recorded = nameSuccessor(retire, EAST);
    expect(recorded).toEqual([named]);
    const grid = given(grids, [{ ...opened, grid: EAST }, ...recorded]);
    expect(grid.state).toMatchObject({ status: 'open', receiving: [CLOSING] });
  });
});

describe('the answers of the services', () => {
  const asking = given(grids, [opened, closing]);

  it('are recorded one by one, in any order; the last one retires the grid', () => {
    for (const [first, last] of [
      [own, answer],
      [answer, own],
    ] as const) {
      const half = asking.when(recordGridWork, first);
      expect(half.then).toEqual([{ type: 'GridWorkAnswered', ...first }]);
      const whole = half.when(recordGridWork, last);
      expect(whole.then).toEqual([{ type: 'GridWorkAnswered', ...last }, retired]);
      expect(whole.state).toMatchObject({ status: 'retired', successors: [EAST] });
    }
  });

  it('keep the grid open when work is left, and name who has how much', () => {
    const half = asking.when(recordGridWork, { ...answer, open: 2 });
    expect(half.then).toEqual([{ ...answered, open: 2 }]);
    const whole = half.when(recordGridWork, own);
    expect(whole.then).toEqual([{ type: 'GridWorkAnswered', ...own }, staysOpen]);
    expect(whole.state).toEqual({ status: 'open', name: opened.name, receiving: [] });
    const both = half.when(recordGridWork, { ...own, open: 1 });
    const open = [...staysOpen.open, { service: 'grid-registry', count: 1 }];
    expect(both.then).toContainEqual({ ...staysOpen, open });
  });

  it('count once for each service, whatever a second one says', () => {
    const half = asking.when(recordGridWork, answer);
    expect(half.when(recordGridWork, answer).then).toEqual([]);
    expect(half.when(recordGridWork, { ...answer, open: 5 }).then).toEqual([]);
  });

  it('count only for the attempt that is under way', () => {
    const before = { ...answer, closing: id('f2') };
    expect(asking.when(recordGridWork, before).then).toEqual([]);
    const again = [opened, closing, answered, staysOpen, { ...closing, closing: id('f2') }];
    expect(given(grids, again).when(recordGridWork, own).then).toEqual([]);
    expect(given(grids, again).when(recordGridWork, { ...own, closing: id('f2') }).then).toEqual([
      { type: 'GridWorkAnswered', ...own, closing: id('f2') },
    ]);
  });

  it.each<readonly [string, readonly GridEvent[]]>([
    ['that nobody has opened', []],
    ['that is open', [opened]],
    ['that is closed', [opened, closing, retired]],
    ['that stayed open', [opened, closing, staysOpen]],
  ])('are nothing to a grid %s', (_, events) => {
    expect(given(grids, events).when(recordGridWork, answer).then).toEqual([]);
  });

  it('of a service that was not asked are nothing to it: they could not be waited for', () => {
    const volunteers = { ...answer, service: 'volunteers', open: 3 } as const;
    expect(asking.when(recordGridWork, volunteers).then).toEqual([]);
  });
});

describe('the end of an attempt', () => {
  const endings = (work: RecordGridWork) => {
    const ending = given(grids, [opened, closing, answered]).when(recordGridWork, work).then;
    return isRefusal(ending) ? [] : endSuccession(work, EAST, ending);
  };

  it('is recorded by a successor: the grid was closed into it, or stayed', () => {
    expect(endings(own)).toEqual([ended]);
    expect(endings({ ...own, open: 1 })).toEqual([{ ...ended, taken: false }]);
  });

  it('has not come while an answer is missing', () => {
    expect(endSuccession(answer, EAST, [answered])).toEqual([]);
    expect(endSuccession(answer, EAST, [])).toEqual([]);
  });
});

describe('what is recorded of a grid', () => {
  it('begins with its opening: a stream that does not is damaged', () => {
    expect(() => given(grids, [closing])).toThrow('GridClosing came before the grid was opened');
  });
});
