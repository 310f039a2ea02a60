import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

/** Folders for logs, which are removed together. */
export class LogFolders {
  private readonly root = mkdtempSync(join(tmpdir(), 'fengqiao-log-'));
  private made = 0;

  /** A folder that is not there yet. */
  next(): string {
    this.made += 1;
    return join(this.root, String(this.made));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Changes a file of a log as somebody could who has access to it; `log.db` unless told. */
export function edit(dir: string, statements: readonly string[], file = 'log.db'): void {
  const db = new DatabaseSync(join(dir, file));
  try {
    for (const sql of statements) db.exec(sql);
  } finally {
    db.close();
  }
}

/** Replaces stored bytes: what a statement cannot say. */
export function put(dir: string, sql: string, ...values: readonly (Uint8Array | number)[]): void {
  const db = new DatabaseSync(join(dir, 'log.db'));
  try {
    db.prepare(sql).run(...values);
  } finally {
    db.close();
  }
}

/** The rows that a file of a log answers with. */
export function ask(
  dir: string,
  sql: string,
  file = 'log.db',
): readonly Readonly<Record<string, SQLOutputValue>>[] {
  const db = new DatabaseSync(join(dir, file), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** Takes the guards off that keep a mistake from changing what is recorded. */
export const WITHOUT_GUARDS = ['event', 'tile'].flatMap((table) => [
  `DROP TRIGGER ${table}_kept`,
  `DROP TRIGGER ${table}_unaltered`,
]);
