import type { EventSchemas } from '#libs/contracts';
import type { Checkpoints } from '#libs/event-bus';
import type { EventLog } from '#libs/event-log';
import type { SubjectKeys } from '#libs/privacy';
import type { Scheduler } from '#libs/scheduler';
import type { View, ViewStore } from '#libs/views';
import type { Chance } from '../src/demo-chance.js';
import type { Plant } from './plant.js';

export interface DiskOptions {
  readonly name: string;
  readonly events: EventSchemas;
  readonly views: readonly View[];
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly plant: Plant;
}

/** A store of which the newest writes may be lost when the power goes. */
export interface Unsynced<Store> {
  readonly store: Store;
  write<Answer>(write: (store: Store) => Answer): Answer;
  loseNewest(count: number): Promise<void>;
}

/** The keys as one process sees them: what it has not flushed ends with it. */
export interface OpenKeys extends SubjectKeys {
  readonly isFresh: () => boolean;
}

/** 磁盘: what is left of one service when its process has ended. */
export interface Disk {
  readonly name: string;
  readonly views: readonly View[];
  /** Where others read it, whether its own service runs or not. */
  readonly log: EventLog;
  readonly keys: { open(): OpenKeys };
  readonly rows: Unsynced<ViewStore>;
  readonly checkpoints: Unsynced<Checkpoints>;
  /** Chance for what is encrypted. */
  readonly bytes: (length: number) => Buffer;
  /** Called before a new process begins. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}
