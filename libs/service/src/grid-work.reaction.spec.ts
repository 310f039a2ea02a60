import { z } from 'zod';
import { areaCodeField, type GridClosingPublishedEvent, idField } from '#libs/contracts';
import type { Aggregate, Recorded } from '#libs/event';
import { type CommandMeta, Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { knownGridEvents, knownGrids, notTaking } from '#libs/grid-work';
import { GridWork } from './grid-work.js';
import { GridWorkReaction } from './grid-work.reaction.js';
import { KnownGridService } from './known-grid.service.js';

const NOW = '2026-03-09T08:00:00.000Z';
const GRID = areaCodeField.parse('430502001001001');
const EAST = areaCodeField.parse('430502001001002');
const WEST = areaCodeField.parse('430502001001003');
const id = (last: string): string => `019a0000-0000-7000-8000-0000000000${last}`;
const clock = { now: () => NOW };

const task = { task: idField, grid: areaCodeField };
const taskEvents = {
  TaskAdded: z.strictObject(task),
  TaskMoved: z.strictObject(task),
  TaskDone: z.strictObject(task),
};
type Task = { readonly grid: string; readonly done: boolean } | undefined;
interface TaskEvent {
  readonly type: keyof typeof taskEvents;
  readonly task: string;
  readonly grid: string;
}

const tasks: Aggregate<Task, TaskEvent> = {
  category: 'task',
  initial: undefined,
  evolve: (_, { type, grid }) => ({ grid, done: type === 'TaskDone' }),
};

/** The smallest service that has work in grids. */
class Tasks extends GridWork {
  override readonly service = 'tasks';
  private readonly commands: Commands;

  constructor(private readonly log: EventLog) {
    super();
    this.commands = new Commands(log);
  }

  async add(last: string, grid = GRID): Promise<boolean> {
    const meta = { commandId: id(last), actor: 'spec', request: 'add' };
    const outcome = await this.commands.execute(meta, async (streams) => {
      const known = await streams.load(knownGrids, grid);
      const closed = notTaking(known.state, grid);
      if (closed !== undefined) return closed;
      const loaded = await streams.load(tasks, id(last));
      return streams.record(loaded, [{ type: 'TaskAdded', task: id(last), grid }]);
    });
    return 'status' in outcome;
  }

  override async openIn(grid: string): Promise<readonly string[]> {
    const events = (await this.log.read(0, 1000)) as readonly Recorded<TaskEvent>[];
    const ids = new Set(events.flatMap(({ event }) => ('task' in event ? [event.task] : [])));
    const states = await Promise.all(
      [...ids].map(async (each) => ({ each, task: await this.commands.read(tasks, each) })),
    );
    return states.filter(({ task }) => task?.grid === grid && !task.done).map(({ each }) => each);
  }

  override async move(meta: CommandMeta, id: string, grid: string): Promise<void> {
    await this.commands.execute(meta, async (streams) => {
      const loaded = await streams.load(tasks, id);
      if (loaded.state === undefined || loaded.state.grid === grid) return undefined;
      return streams.record(loaded, [{ type: 'TaskMoved', task: id, grid }]);
    });
  }
}

function openLog(): EventLog {
  const events = { ...knownGridEvents, ...taskEvents };
  return openMemoryLog({ origin: 'tasks', events, now: clock.now });
}

function openTasks(log = openLog()) {
  const work = new Tasks(log);
  const grids = new KnownGridService(new Commands(log), clock);
  return { log, work, grids, reaction: new GridWorkReaction(grids, work) };
}

type Registry<Type> = Extract<GridClosingPublishedEvent, { type: Type }>;

/** An event as the registry's log hands it over. */
function told<Event extends { readonly type: string }>(
  event: Event,
  position: number,
): Recorded<Event> {
  const place = { origin: 'grid-registry', position, stream: 'spec', version: position };
  return { ...place, recordedAt: NOW, actor: 'spec', commandId: id('e1'), event };
}

const opened = told({ type: 'GridOpened', grid: GRID, name: '第一网格', at: NOW } as const, 1);
const openedEast = told({ ...opened.event, grid: EAST, name: '第二网格' }, 2);
const attempt = { grid: GRID, closing: id('f1'), at: NOW };
const closing = told<Registry<'GridClosing'>>(
  {
    type: 'GridClosing',
    ...attempt,
    successors: [EAST, WEST],
    asked: ['grid-registry'],
    sealed: { subject: attempt.closing, key: 'k'.repeat(43), box: 'b'.repeat(40) },
  },
  3,
);
const alone = told({ ...closing.event, successors: [] }, 3);
const kept = told<Registry<'GridRetirementRefused'>>(
  { type: 'GridRetirementRefused', ...attempt, open: [{ service: 'volunteers', count: 1 }] },
  4,
);

/** Two tasks in the open grid. */
async function withTasks() {
  const room = openTasks();
  await room.reaction.opened(opened);
  await room.work.add('01');
  await room.work.add('02');
  return { ...room, from: await room.log.head() };
}

const eventsOf = async (log: EventLog, from = 0) =>
  (await log.read(from, 1000)).map(({ event }) => event);
const typesOf = async (log: EventLog, from = 0) =>
  (await eventsOf(log, from)).map(({ type }) => type);

const shut = { type: 'GridShut', ...attempt, successors: [EAST, WEST] };
const movedTo = (last: string) => ({ type: 'TaskMoved', task: id(last), grid: EAST });
const workMoved = { type: 'GridWorkMoved', ...attempt };

describe('when a grid opens or is renamed', () => {
  it('work is taken there, under its name', async () => {
    const { log, work, reaction } = openTasks();
    expect(await work.add('01')).toBe(false);
    await reaction.opened(opened);
    await reaction.renamed(told({ ...opened.event, type: 'GridRenamed', name: '新名' }, 5));
    expect(await eventsOf(log)).toMatchObject([
      { type: 'GridAdmitted', name: '第一网格' },
      { type: 'GridNamed', name: '新名' },
    ]);
    expect(await work.add('02')).toBe(true);
  });
});

describe('when a grid closes', () => {
  it('takes no more, moves what is open to the first successor, and answers last', async () => {
    const { log, work, reaction, from } = await withTasks();
    await reaction.closing(closing);
    const admitted = { type: 'GridAdmitted', grid: EAST, name: null, at: NOW };
    const all = [shut, admitted, movedTo('01'), movedTo('02'), workMoved];
    expect(await eventsOf(log, from)).toEqual(all);
    const recorded = await log.read(from, 10);
    expect(new Set(recorded.map(({ actor }) => actor))).toEqual(new Set(['service:tasks']));
    expect(new Set(recorded.map(({ cause }) => cause))).toEqual(new Set(['grid-registry@3']));
    expect(await work.add('03')).toBe(false);
    expect(await work.add('04', EAST)).toBe(true);
  });

  it('what is done stays where it was', async () => {
    const { log, reaction, from } = await withTasks();
    const done = { type: 'TaskDone', task: id('01'), grid: GRID };
    const writes = [{ stream: `task-${id('01')}`, events: [done] }];
    await log.append({
      commandId: id('e2'),
      actor: 'li',
      fingerprint: '',
      reads: [],
      writes,
    });
    await reaction.closing(closing);
    const moves = (await eventsOf(log, from)).filter(({ type }) => type === 'TaskMoved');
    expect(moves).toEqual([movedTo('02')]);
  });

  it('without a successor it moves nothing and answers how much is open', async () => {
    const { log, reaction, from } = await withTasks();
    await reaction.closing(alone);
    const open = { type: 'GridWorkOpen', ...attempt, open: 2 };
    expect(await eventsOf(log, from)).toEqual([{ ...shut, successors: [] }, open]);
    const empty = openTasks();
    await empty.reaction.closing(alone);
    expect(await eventsOf(empty.log)).toEqual([{ ...shut, successors: [] }, workMoved]);
  });

  it('takes work again when the grid stays open', async () => {
    const { log, work, reaction, from } = await withTasks();
    await reaction.closing(alone);
    expect(await work.add('03')).toBe(false);
    await reaction.refused(kept);
    expect(await typesOf(log, from)).toEqual(['GridShut', 'GridWorkOpen', 'GridReopened']);
    expect(await work.add('03')).toBe(true);
  });

  it('comes to the same in whatever order the openings are heard', async () => {
    const { log, work, reaction } = openTasks();
    await reaction.closing(closing);
    await reaction.opened(openedEast);
    await reaction.opened(opened);
    const known = (grid: string) => new Commands(log).read(knownGrids, grid);
    expect(await known(GRID)).toMatchObject({ status: 'shut', name: '第一网格', answered: true });
    expect(await known(EAST)).toEqual({ status: 'open', name: '第二网格' });
    expect(await work.add('01', EAST)).toBe(true);
  });

  it('has its effect once, however often each event is delivered', async () => {
    const { log, reaction, from } = await withTasks();
    await Promise.all([reaction.closing(alone), reaction.closing(alone)]);
    await reaction.refused(kept);
    const second = { ...closing.event, closing: id('f2') };
    await reaction.closing(told(second, 6));
    const head = await log.head();
    // As after a crash: everything once more, the first attempt's events as well.
    await reaction.opened(opened);
    await reaction.closing(alone);
    await reaction.refused(kept);
    await reaction.closing(told(second, 6));
    expect(await log.head()).toBe(head);
    const types = await typesOf(log, from);
    expect(types.slice(0, 4)).toEqual(['GridShut', 'GridWorkOpen', 'GridReopened', 'GridShut']);
    expect(types.slice(4)).toEqual(['GridAdmitted', 'TaskMoved', 'TaskMoved', 'GridWorkMoved']);
  });
});

/** A log in which something happens at the `nth` append, before or after it is durable. */
function interrupted(
  log: EventLog,
  nth: number,
  { before, after }: { readonly [when in 'before' | 'after']?: () => unknown },
): EventLog {
  let appends = 0;
  return {
    ...log,
    append: async (commit) => {
      appends += 1;
      if (appends === nth) await before?.();
      const outcome = await log.append(commit);
      if (appends === nth) await after?.();
      return outcome;
    },
  };
}

const powerGoes = (): never => {
  throw new Error('the power went');
};

describe('when the work is cut short', () => {
  const cuts = [1, 2, 3, 4, 5].flatMap((nth) => [
    [nth, 'before'] as const,
    [nth, 'after'] as const,
  ]);

  it.each(cuts)('at append %i, %s it is durable, it is completed', async (nth, when) => {
    const { log, reaction, from } = await withTasks();
    const broken = openTasks(interrupted(log, nth, { [when]: powerGoes }));
    await expect(broken.reaction.closing(closing)).rejects.toThrow('power');
    await reaction.closing(closing);
    const all = ['GridShut', 'GridAdmitted', 'TaskMoved', 'TaskMoved', 'GridWorkMoved'];
    expect(await typesOf(log, from)).toEqual(all);
  });
});

describe('work that begins while its grid is being shut', () => {
  it('goes along when it was recorded just before', async () => {
    const { log, work } = await withTasks();
    const slow = openTasks(interrupted(log, 1, { before: () => work.add('03') }));
    await slow.reaction.closing(closing);
    expect(await work.openIn(GRID)).toEqual([]);
    expect(await work.openIn(EAST)).toEqual(['01', '02', '03'].map(id));
  });

  it('is refused when it had looked before and would be recorded after', async () => {
    const { log, work, reaction } = await withTasks();
    const slow = new Tasks(interrupted(log, 1, { before: () => reaction.closing(closing) }));
    expect(await slow.add('03')).toBe(false);
    expect(await work.openIn(GRID)).toEqual([]);
  });
});
