import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { KeyConflict, KeyTracesLeft, SubjectErased } from './faults.js';
import { inTransaction, openKeyFile } from './key-file.js';
import { randomOf } from './random-pool.js';
import type { FoundKey, SubjectKeys } from './subject-keys.js';
import { KEY_BYTES } from './suite.js';

/** How long one call waits for another process that uses the file. */
const TIMEOUT_MS = 5000;

/**
 * Keys in `DIR/keys.db`, which several processes may open.
 *
 * @throws KeysUnreadable when a newer version wrote the file, or when it is something else
 */
export function openSqliteKeys(dir: string, timeoutMs = TIMEOUT_MS): SubjectKeys {
  return new SqliteKeys(openKeyFile(join(dir, 'keys.db'), timeoutMs));
}

class SqliteKeys implements SubjectKeys {
  readonly logKey: Buffer;
  /** Made here and not yet in the file; as many as are sealed between two commits of the log. */
  private readonly fresh = new Map<string, Buffer>();
  private readonly statements;

  constructor(private readonly db: DatabaseSync) {
    this.statements = statementsOf(db);
    const row = db.prepare('SELECT key FROM log_key').get() as { key: Uint8Array };
    this.logKey = Buffer.from(row.key);
  }

  find(subject: string): FoundKey {
    const fresh = this.fresh.get(subject);
    if (fresh !== undefined) return fresh;
    const row = this.statements.find.get(subject) as { key: Uint8Array | null } | undefined;
    if (row === undefined) return undefined;
    return row.key === null ? 'destroyed' : Buffer.from(row.key);
  }

  obtain(subject: string): Buffer {
    const found = this.find(subject);
    if (found === 'destroyed') throw new SubjectErased();
    const key = found ?? randomOf(KEY_BYTES);
    if (found === undefined) this.fresh.set(subject, key);
    return key;
  }

  flush(): void {
    if (this.fresh.size === 0) return;
    inTransaction(this.db, () => {
      for (const [subject, key] of this.fresh) {
        const { changes } = this.statements.insert.run(subject, key);
        if (changes === 0) throw new KeyConflict();
      }
    });
    this.fresh.clear();
  }

  destroy(subject: string): void {
    inTransaction(this.db, () => void this.statements.destroy.run(subject));
    this.fresh.delete(subject);
    // The pages as they were, with the key in them, are in the write-ahead log until it is cut.
    const { busy } = this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    if (busy !== 0) throw new KeyTracesLeft();
  }

  close(): void {
    this.fresh.clear();
    this.db.close();
  }
}

function statementsOf(db: DatabaseSync) {
  return {
    find: db.prepare('SELECT key FROM subject_key WHERE subject = ?'),
    insert: db.prepare(
      'INSERT INTO subject_key (subject, key) VALUES (?, ?) ON CONFLICT (subject) DO NOTHING',
    ),
    destroy: db.prepare(
      `INSERT INTO subject_key (subject, destroyed_at)
       VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
       ON CONFLICT (subject) DO UPDATE SET key = NULL, destroyed_at = excluded.destroyed_at
       WHERE destroyed_at IS NULL`,
    ),
  };
}
