import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { memoryParked, type ParkedStore, sqliteParked } from './parked-store.js';

/**
 * 检查点: how far a consumer has handled each origin: everything below the position has had its
 * effect, or is kept in `parked`.
 */
export interface Checkpoints {
  readonly parked: ParkedStore;
  /** The origins of which something was handled. */
  origins(): readonly string[];
  load(origin: string): number;
  save(origin: string, position: number): void;
  /** Resolves when all that was saved is durable; absent when it is as soon as `save` returns. */
  written?(): Promise<void>;
  close(): void;
}

export function openMemoryCheckpoints(): Checkpoints {
  const positions = new Map<string, number>();
  return {
    parked: memoryParked(),
    origins: () => [...positions.keys()],
    load: (origin) => positions.get(origin) ?? 0,
    save: (origin, position) => void positions.set(origin, position),
    close: () => positions.clear(),
  };
}

/**
 * Checkpoints in `DIR/consumer.db`, or in a file of their own for reactions whose effect is outside
 * the log. Losing the newest writes only repeats events, never skips one:
 * writes are lost from the end, and what is parked is written before the checkpoint moves past it.
 *
 * @throws CheckpointsUnreadable
 */
export function openSqliteCheckpoints(dir: string, file = 'consumer.db'): Checkpoints {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, file);
  try {
    return openFile(path);
  } catch (error) {
    throw new CheckpointsUnreadable(path, error);
  }
}

/** The file cannot be opened, or is no file of checkpoints. */
export class CheckpointsUnreadable extends Error {
  readonly code = 'CHECKPOINTS_UNREADABLE';
  constructor(path: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `${path} cannot be read: ${why}; once it is moved away, all is heard again, to no effect`,
      { cause },
    );
  }
}

function openFile(path: string): Checkpoints {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS checkpoint
      (origin TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL) STRICT;`);
  const parked = sqliteParked(db);
  const origins = db.prepare('SELECT origin FROM checkpoint ORDER BY origin');
  const load = db.prepare('SELECT position FROM checkpoint WHERE origin = ?');
  const save = db.prepare(
    `INSERT INTO checkpoint (origin, position) VALUES (?, ?)
     ON CONFLICT (origin) DO UPDATE SET position = excluded.position`,
  );
  return {
    parked,
    origins: () => (origins.all() as { origin: string }[]).map(({ origin }) => origin),
    load: (origin) => (load.get(origin) as { position: number } | undefined)?.position ?? 0,
    save: (origin, position) => void save.run(origin, position),
    close: () => db.close(),
  };
}
