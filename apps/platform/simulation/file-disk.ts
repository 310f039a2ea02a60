import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { logEvents } from '#libs/contracts';
import { type Checkpoints, openSqliteCheckpoints } from '#libs/event-bus';
import { type EventLog, openSignedLog, type SignedLog } from '#libs/event-log';
import { openSqliteKeys, type SubjectKeys } from '#libs/privacy';
import { openViewGenerations, type ViewGenerations, type ViewStore } from '#libs/views';
import type { Disk, DiskOptions, OpenKeys, Unsynced } from './disk.js';

interface Files {
  readonly keys: SubjectKeys;
  readonly signed: SignedLog;
  readonly rows: ViewGenerations;
  readonly checkpoints: Checkpoints;
}

/** 真实文件: the embedded stores of a service, opened anew for each life as after a kill. */
class FileDisk implements Disk {
  readonly name;
  readonly views;
  readonly log: EventLog;
  private files: Files;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly dir: string,
    private readonly options: DiskOptions,
  ) {
    this.name = options.name;
    this.views = options.views;
    this.files = this.open();
    this.log = this.whicheverIsOpen();
  }

  get keys() {
    const { keys } = this.files;
    // The log itself flushes the keys, in the same turn as its commit.
    return { open: (): OpenKeys => ({ ...bound(keys), isFresh: () => false }) };
  }

  get rows(): Unsynced<ViewStore> {
    return synced(this.files.rows);
  }

  get checkpoints(): Unsynced<Checkpoints> {
    return synced(this.files.checkpoints);
  }

  bytes(length: number): Buffer {
    return randomBytes(length);
  }

  async reopen(): Promise<void> {
    await this.close();
    this.files = this.open();
  }

  async close(): Promise<void> {
    const { keys, signed, rows, checkpoints } = this.files;
    await signed.close();
    await rows.close();
    checkpoints.close();
    keys.close();
  }

  private open(): Files {
    const { dir, name } = this;
    const { events, views, scheduler } = this.options;
    mkdirSync(dir, { recursive: true });
    const keys = openSqliteKeys(dir);
    const signed = openSignedLog(dir, {
      origin: name,
      name: `simulation/${name}`,
      events: { ...logEvents, ...events },
      now: () => scheduler.now(),
      beforeCommit: () => keys.flush(),
    });
    signed.log.onAppended(() => {
      for (const listener of this.listeners) listener();
    });
    const rows = openViewGenerations(dir, views, { scheduler });
    return { keys, signed, rows, checkpoints: openSqliteCheckpoints(dir) };
  }

  private whicheverIsOpen(): EventLog {
    const now = (): EventLog => this.files.signed.log;
    return {
      origin: this.name,
      readOnly: undefined,
      head: () => now().head(),
      read: (from, limit) => now().read(from, limit),
      entries: (from, limit) => now().entries(from, limit),
      tile: (level, index, width) => now().tile(level, index, width),
      readStream: (stream, before) => now().readStream(stream, before),
      streamEvents: (stream) => now().streamEvents(stream),
      command: (actor, id) => now().command(actor, id),
      append: (commit) => now().append(commit),
      onAppended: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      close: async () => undefined,
    };
  }
}

export function fileDisk(dataDir: string, options: DiskOptions): Disk {
  return new FileDisk(join(dataDir, options.name), options);
}

/** A kill takes nothing with it that was written: only a power cut would. */
function synced<Store>(store: Store): Unsynced<Store> {
  return { store, write: (write) => write(store), loseNewest: async () => undefined };
}

function bound(keys: SubjectKeys): SubjectKeys {
  return {
    logKey: keys.logKey,
    find: (subject) => keys.find(subject),
    obtain: (subject) => keys.obtain(subject),
    flush: () => keys.flush(),
    destroy: (subject) => keys.destroy(subject),
    close: () => undefined,
  };
}
