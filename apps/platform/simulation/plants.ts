import { hazardsView } from '../../inspections/src/hazards.view.js';
import type { CommandMeta, Commands } from '#libs/event-log';
import { newId } from '#libs/service';
import { openMemoryViews, type View, type ViewStore } from '#libs/views';
import { HastyRows } from './hasty-rows.js';
import { openDisputesView } from './open-disputes.view.js';
import { type Deliver, type Plant, SOUND } from './plant.js';
import { withMethods } from './rewound.js';

/** The row is written after the position that says it was: a crash between them loses it. */
const positionBeforeRow: Plant = {
  ...SOUND,
  openViews: (views) => new HastyRows(openMemoryViews(views)).asStore(),
  applies: (rows, life) => async (events) => {
    const last = events.at(-1);
    if (last === undefined) return;
    const hasty = (store: ViewStore) => HastyRows.of(store);
    await life.writes('the position', async () =>
      rows.write((store) => hasty(store).moveTo(last.position + 1)),
    );
    await life.writes('the rows', () => rows.write((store) => hasty(store).apply(events)));
  },
};

/** The consumer's checkpoint moves before the event has had its effect. */
const checkpointBeforeEffect: Plant = {
  ...SOUND,
  delivers:
    (deliver, { checkpoints }) =>
    (recorded, context) => {
      const { origin, position } = recorded;
      if (position >= checkpoints.load(origin)) checkpoints.save(origin, position + 1);
      return deliver(recorded, context);
    },
};

/** A reaction's command gets a new id each time, so that the log cannot refuse the second effect. */
const dedupeRemoved: Plant = {
  ...SOUND,
  stores: (stores) => ({
    ...stores,
    commands: withMethods<Commands>(stores.commands, {
      execute: (meta, work) => stores.commands.execute(withNewId(meta), work),
    }),
  }),
};

function withNewId(meta: CommandMeta): CommandMeta {
  return meta.actor.startsWith('service:') ? { ...meta, commandId: newId() } : meta;
}

const HELD_MS = 3000;

/** Of a stream, now and then an event is held back until the one after it was handled. */
const outOfOrder: Plant = {
  ...SOUND,
  delivers: (deliver, _, { scheduler }) => {
    const held = new Map<string, () => Promise<unknown>>();
    let turn = 0;
    const swapped: Deliver = async (recorded, context) => {
      const later = held.get(recorded.stream);
      held.delete(recorded.stream);
      turn += 1;
      if (later === undefined && turn % 3 === 0) {
        const late = (): Promise<unknown> => deliver(recorded, context);
        held.set(recorded.stream, late);
        // Nothing is lost: if no other comes, it is handled by itself.
        scheduler.after(HELD_MS, () => {
          if (!held.delete(recorded.stream)) return;
          void late().catch(() => undefined);
        });
        return undefined;
      }
      const answer = await deliver(recorded, context);
      await later?.();
      return answer;
    };
    return swapped;
  },
};

/** The timer plans what it hears of while it runs, and knows of nothing else after a restart. */
const timerForgets: Plant = {
  ...SOUND,
  stores: (stores) => {
    let forgotten: ReadonlySet<string> | undefined;
    const { views } = stores;
    return {
      ...stores,
      views: withMethods<typeof views>(views, {
        find: async (view, query) => {
          const rows = await views.find(view, query);
          if (!isTimers(view) || query.orderBy[0] !== 'dueAt') return rows;
          const ids = rows.map((row) => String(Reflect.get(row, 'id')));
          forgotten ??= new Set(ids);
          return rows.filter((_, index) => forgotten?.has(ids[index] ?? '') !== true);
        },
      }),
    };
  },
};

function isTimers({ name }: { readonly name: string }): boolean {
  return name === hazardsView.name;
}

/** A row that several streams write: how many disputes are open in a grid. */
const sharedCounter: Plant = {
  ...SOUND,
  views: (service, views): readonly View[] =>
    service === 'mediation' ? [...views, openDisputesView] : views,
};

/** 缺陷名录: each is to be noticed within a number of seeds. */
export const plants: Readonly<Record<string, Plant>> = {
  'checkpoint-before-row': positionBeforeRow,
  'checkpoint-before-effect': checkpointBeforeEffect,
  'dedupe-removed': dedupeRemoved,
  'out-of-order': outOfOrder,
  'timer-forgets': timerForgets,
  'shared-counter': sharedCounter,
};
