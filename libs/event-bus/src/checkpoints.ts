import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** 检查点: how far a consumer has handled each origin; the first position not handled yet. */
export interface Checkpoints {
  /** The origins of which something was handled. */
  origins(): readonly string[];
  load(origin: string): number;
  save(origin: string, position: number): void;
  close(): void;
}

export function openMemoryCheckpoints(): Checkpoints {
  const positions = new Map<string, number>();
  return {
    origins: () => [...positions.keys()],
    load: (origin) => positions.get(origin) ?? 0,
    save: (origin, position) => void positions.set(origin, position),
    close: () => positions.clear(),
  };
}

/** Checkpoints in `DIR/consumer.db`. Losing the newest only repeats events, never skips one. */
export function openSqliteCheckpoints(dir: string): Checkpoints {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(dir, 'consumer.db'), { timeout: 5000 });
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS checkpoint
      (origin TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL) STRICT;`);
  const origins = db.prepare('SELECT origin FROM checkpoint ORDER BY origin');
  const load = db.prepare('SELECT position FROM checkpoint WHERE origin = ?');
  const save = db.prepare(
    `INSERT INTO checkpoint (origin, position) VALUES (?, ?)
     ON CONFLICT (origin) DO UPDATE SET position = excluded.position`,
  );
  return {
    origins: () => (origins.all() as { origin: string }[]).map(({ origin }) => origin),
    load: (origin) => (load.get(origin) as { position: number } | undefined)?.position ?? 0,
    save: (origin, position) => void save.run(origin, position),
    close: () => db.close(),
  };
}
