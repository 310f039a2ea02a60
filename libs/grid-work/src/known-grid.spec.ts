import { areaCodeField } from '#libs/contracts';
import { given, refuse } from '#libs/event';
import { type KnownGridEvent, knownGridEvents } from './known-grid.events.js';
import {
  admitGrid,
  answerClosing,
  knownGrids,
  nameGrid,
  notTaking,
  reopenGrid,
  shutGrid,
} from './known-grid.js';

const at = '2026-03-09T08:00:00.000Z';
const FIRST = '019a0000-0000-7000-8000-0000000000f1';
const SECOND = '019a0000-0000-7000-8000-0000000000f2';
const GRID = areaCodeField.parse('430502001001001');
const EAST = areaCodeField.parse('430502001001002');

const admit = { grid: GRID, name: '第一网格', at };
const shut = { grid: GRID, closing: FIRST, successors: [EAST], at };
const attempt = { grid: GRID, closing: FIRST, at };

const admitted = { type: 'GridAdmitted', ...admit } satisfies KnownGridEvent;
const unnamed = { ...admitted, name: null };
const wasShut = { type: 'GridShut', ...shut } satisfies KnownGridEvent;
const reopened = { type: 'GridReopened', ...attempt } satisfies KnownGridEvent;
const workMoved = { type: 'GridWorkMoved', ...attempt } satisfies KnownGridEvent;
const workOpen = { type: 'GridWorkOpen', ...attempt, open: 2 } satisfies KnownGridEvent;

const after = (...events: readonly KnownGridEvent[]) => given(knownGrids, events);

describe('admitting a grid', () => {
  it('takes work there from now on, under its name', () => {
    const grid = after().when(admitGrid, admit);
    expect(grid.then).toEqual([admitted]);
    expect(grid.state).toEqual({ status: 'open', name: '第一网格' });
  });

  it('happens once, also while the grid is shut', () => {
    for (const grid of [after(admitted), after(admitted, wasShut), after(unnamed, admitted)]) {
      expect(grid.when(admitGrid, admit).then).toEqual([]);
      expect(grid.when(admitGrid, { ...admit, name: null }).then).toEqual([]);
    }
  });

  it('needs no name when another grid’s work comes here first; the name follows', () => {
    const grid = after().when(admitGrid, { ...admit, name: null });
    expect(grid.then).toEqual([unnamed]);
    expect(notTaking(grid.state, GRID)).toBeUndefined();
    const named = grid.when(admitGrid, admit);
    expect(named.then).toEqual([{ type: 'GridNamed', ...admit }]);
    expect(named.state).toEqual({ status: 'open', name: '第一网格' });
    expect(named.when(admitGrid, { ...admit, name: '又一名' }).then).toEqual([]);
  });

  it('does not open a grid whose closing was heard first; it gets its name', () => {
    const grid = after(wasShut).when(admitGrid, admit);
    expect(grid.then).toEqual([{ type: 'GridNamed', ...admit }]);
    expect(grid.state).toMatchObject({ status: 'shut', name: '第一网格' });
  });
});

describe('naming a grid', () => {
  const name = { ...admit, name: '河畔网格' };

  it('gives it another name, once, also while it is shut', () => {
    const grid = after(admitted).when(nameGrid, name);
    expect(grid.then).toEqual([{ type: 'GridNamed', ...name }]);
    expect(grid.when(nameGrid, name).then).toEqual([]);
    const closing = after(admitted, wasShut).when(nameGrid, name);
    expect(closing.state).toMatchObject({ status: 'shut', name: '河畔网格', closing: FIRST });
  });

  it('takes work in a grid of which nothing else was heard', () => {
    const grid = after().when(nameGrid, name);
    expect(grid.state).toEqual({ status: 'open', name: '河畔网格' });
  });
});

describe('shutting a grid', () => {
  it('takes no new work there, and keeps where it goes', () => {
    const grid = after(admitted).when(shutGrid, shut);
    expect(grid.then).toEqual([wasShut]);
    const attempted = { closing: FIRST, successors: [EAST], answered: false };
    expect(grid.state).toEqual({ status: 'shut', name: '第一网格', ...attempted });
  });

  it('holds for a grid of which nothing else was heard', () => {
    expect(after().when(shutGrid, shut).state).toMatchObject({ status: 'shut', name: null });
  });

  it('happens once for each attempt', () => {
    const grid = after(admitted, wasShut, workMoved);
    expect(grid.when(shutGrid, shut).then).toEqual([]);
    const again = after(admitted, wasShut, workOpen, reopened);
    const second = again.when(shutGrid, { ...shut, closing: SECOND });
    expect(second.then).toEqual([{ ...wasShut, closing: SECOND }]);
    expect(second.state).toMatchObject({ closing: SECOND, answered: false });
  });
});

describe('reopening a grid that was not closed after all', () => {
  it('takes work there again, under the name it has', () => {
    const grid = after(admitted, wasShut, workOpen).when(reopenGrid, attempt);
    expect(grid.then).toEqual([reopened]);
    expect(grid.state).toEqual({ status: 'open', name: '第一网格' });
    expect(grid.when(reopenGrid, attempt).then).toEqual([]);
  });

  it('does not undo another attempt, nor anything where none is under way', () => {
    const second = { ...wasShut, closing: SECOND };
    expect(after(admitted, second).when(reopenGrid, attempt).then).toEqual([]);
    expect(after(admitted).when(reopenGrid, attempt).then).toEqual([]);
    expect(after().when(reopenGrid, attempt).then).toEqual([]);
  });
});

describe('answering for the work in a grid', () => {
  const answer = { ...attempt, open: 0 };

  it('tells that nothing is left there, or how much is', () => {
    const grid = after(admitted, wasShut);
    expect(grid.when(answerClosing, answer).then).toEqual([workMoved]);
    expect(grid.when(answerClosing, { ...answer, open: 2 }).then).toEqual([workOpen]);
  });

  it('happens once for each attempt, whatever has become of the work since', () => {
    for (const answered of [workMoved, workOpen]) {
      const grid = after(admitted, wasShut, answered);
      expect(grid.when(answerClosing, answer).then).toEqual([]);
      expect(grid.when(answerClosing, { ...answer, open: 2 }).then).toEqual([]);
    }
  });

  it('is for the attempt that is under way', () => {
    const second = { ...wasShut, closing: SECOND };
    for (const grid of [after(), after(admitted), after(wasShut, reopened), after(second)]) {
      expect(grid.when(answerClosing, answer).then).toEqual([]);
    }
  });

  it('leaves the grid shut: only the registry ends the attempt', () => {
    const grid = after(admitted, wasShut).when(answerClosing, answer);
    expect(grid.state).toMatchObject({ status: 'shut', answered: true });
  });
});

describe('whether new work is taken in a grid', () => {
  it('is refused where nothing was heard of it', () => {
    expect(notTaking(after().state, GRID)).toEqual(refuse('GridNotFound', { grid: GRID }));
  });

  it('is refused while it is shut, with the first successor', () => {
    const closed = (successor: string) => refuse('GridClosed', { grid: GRID, successor });
    expect(notTaking(after(admitted, wasShut).state, GRID)).toEqual(closed(EAST));
    const alone = { ...wasShut, successors: [] };
    expect(notTaking(after(admitted, alone).state, GRID)).toEqual(closed('—'));
  });

  it('is so while it is open, at first and again', () => {
    expect(notTaking(after(admitted).state, GRID)).toBeUndefined();
    expect(notTaking(after(admitted, wasShut, reopened).state, GRID)).toBeUndefined();
  });
});

describe('what is recorded of a known grid', () => {
  it.each([admitted, unnamed, wasShut, reopened, workMoved, workOpen])(
    'is read as it was written, with no field more: $type',
    ({ type, ...data }) => {
      expect(knownGridEvents[type].parse(data)).toEqual(data);
      expect(knownGridEvents[type].safeParse({ ...data, other: 1 }).success).toBe(false);
    },
  );

  it('holds no answer in a grid that is not shut: a later one stays open', () => {
    expect(after(admitted, workMoved).state).toEqual({ status: 'open', name: '第一网格' });
  });
});
