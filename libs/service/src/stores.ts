import { join } from 'node:path';
import type { EventSchemas } from '#libs/contracts';
import { Commands, type EventLog, openSqliteLog } from '#libs/event-log';
import { type Checkpoints, openSqliteCheckpoints } from '#libs/event-bus';
import { LiveViews, openSqliteViews, Projector, type View, type ViewStore } from '#libs/views';

export interface StoresOptions {
  readonly name: string;
  readonly dataDir: string;
  readonly now: () => string;
  readonly events: EventSchemas;
  readonly views: readonly View[];
}

/** What one service keeps: its log, its views and how far it has heard the others. */
export interface Stores {
  readonly log: EventLog;
  readonly commands: Commands;
  readonly views: LiveViews;
  readonly checkpoints: Checkpoints;
  close(): Promise<void>;
}

/** Opens the embedded stores of a service in `DATA_DIR/NAME`. */
export function openStores({ name, dataDir, now, events, views }: StoresOptions): Stores {
  const dir = join(dataDir, name);
  const log = openSqliteLog(dir, { origin: name, events, now });
  const viewStore: ViewStore = openSqliteViews(dir, views);
  const checkpoints = openSqliteCheckpoints(dir);
  return {
    log,
    commands: new Commands(log),
    views: new LiveViews(new Projector(log, viewStore), viewStore),
    checkpoints,
    close: async () => {
      await log.close();
      await viewStore.close();
      checkpoints.close();
    },
  };
}
