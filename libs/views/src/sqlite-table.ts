import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Held, Past } from './folding.js';
import { columnsOf, type KeptView, pastOf, sqlValue, tableOf } from './sqlite-sql.js';
import type { Scalar, ViewRow } from './view.js';

/** Rows that are kept parsed: the next event of a stream mostly follows soon. */
const CACHED = 20_000;

/** A row that is in the file. */
interface Stored extends Held {
  readonly id: number;
}

type StoredColumns = readonly [
  id: number,
  row: string,
  stream: string,
  position: number,
  since: number,
];

/**
 * 视图表: one view's rows in the file. The newest are kept parsed besides; only one process writes
 * the file, so they are what it holds.
 */
export class SqliteTable {
  private readonly fields: readonly string[];
  private readonly statements: ReturnType<typeof statementsOf>;
  private readonly updates = new Map<number, StatementSync>();
  private readonly cache = new Map<string, Stored>();
  /** Keys that were looked for and have no row: mostly one is made next. */
  private readonly absent = new Set<string>();

  constructor(
    private readonly db: DatabaseSync,
    readonly view: KeptView,
  ) {
    this.fields = columnsOf(view).map((column) => column.slice('f_'.length));
    this.statements = statementsOf(db, view);
  }

  held(key: string): Held | undefined {
    return this.stored(key);
  }

  /** The row as it was after event `asOf`. */
  past(key: string, asOf: number): ViewRow | undefined {
    const found = this.statements.past?.get(key, asOf, asOf) as unknown as [string] | undefined;
    return found && (JSON.parse(found[0]) as ViewRow);
  }

  /** Rows in the order of their keys. */
  page(after: string, limit: number): readonly { readonly key: string; readonly row: ViewRow }[] {
    const rows = this.statements.page.all(after, limit) as unknown as [string, string][];
    return rows.map(([key, row]) => ({ key, row: JSON.parse(row) as ViewRow }));
  }

  put(key: string, held: Held): void {
    let before = this.stored(key);
    if (before !== undefined && before.stream !== held.stream) {
      // It was removed, and another stream has made it again.
      this.remove(key);
      before = undefined;
    }
    const id = before === undefined ? this.insert(key, held) : this.update(before, held);
    const { row, stream, position, since } = held;
    this.absent.delete(key);
    this.keep(key, { id, row, stream, position, since });
  }

  remove(key: string): void {
    this.statements.remove.run(key);
    this.cache.delete(key);
  }

  addPast({ key, row, from, to }: Past): void {
    this.statements.addPast?.run(key, JSON.stringify(row), from, to, ...this.columns(row));
  }

  /** After a transaction that failed: what it wrote is not in the file. */
  forget(): void {
    this.cache.clear();
    this.absent.clear();
  }

  private stored(key: string): Stored | undefined {
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    if (this.absent.has(key)) return undefined;
    const found = this.statements.get.get(key) as unknown as StoredColumns | undefined;
    if (found === undefined) {
      if (this.absent.size >= CACHED) this.absent.clear();
      this.absent.add(key);
      return undefined;
    }
    const [id, row, stream, position, since] = found;
    const stored = { id, row: JSON.parse(row) as ViewRow, stream, position, since };
    this.keep(key, stored);
    return stored;
  }

  private keep(key: string, stored: Stored): void {
    this.cache.set(key, stored);
    if (this.cache.size <= CACHED) return;
    // The one that came first: to remember who was asked for last would cost more than it saves.
    const [oldest] = this.cache.keys();
    if (oldest !== undefined) this.cache.delete(oldest);
  }

  private insert(key: string, { row, stream, position, since }: Held): number {
    const columns = this.columns(row);
    const { lastInsertRowid } = this.statements.insert.run(
      key,
      JSON.stringify(row),
      stream,
      position,
      since,
      ...columns,
    );
    return Number(lastInsertRowid);
  }

  /** Only what differs is written: each column that is named costs its indexes. */
  private update(before: Stored, { row, position, since }: Held): number {
    if (row === before.row) {
      this.statements.move.run(position, before.id);
      return before.id;
    }
    const values: SQLInputValue[] = [JSON.stringify(row), position, since];
    let changed = 0;
    for (const [index, field] of this.fields.entries()) {
      const value = sqlValue((row as Record<string, Scalar>)[field]);
      if (value === sqlValue((before.row as Record<string, Scalar>)[field])) continue;
      changed |= 1 << index;
      values.push(value);
    }
    this.updating(changed).run(...values, before.id);
    return before.id;
  }

  private updating(changed: number): StatementSync {
    let statement = this.updates.get(changed);
    if (statement === undefined) {
      const columns = this.fields.filter((_, index) => (changed & (1 << index)) !== 0);
      const sets = columns.map((field) => `, f_${field} = ?`).join('');
      statement = this.db.prepare(
        `UPDATE ${tableOf(this.view)} SET row = ?, position = ?, since = ?${sets}
         WHERE id = ?`,
      );
      this.updates.set(changed, statement);
    }
    return statement;
  }

  private columns(row: ViewRow): readonly SQLInputValue[] {
    return this.fields.map((field) => sqlValue((row as Record<string, Scalar>)[field]));
  }
}

function statementsOf(db: DatabaseSync, view: KeptView) {
  const table = tableOf(view);
  const columns = columnsOf(view);
  const more = columns.map((column) => `, ${column}`).join('');
  const holders = columns.map(() => ', ?').join('');
  const get = db.prepare(`SELECT id, row, stream, position, since FROM ${table} WHERE key = ?`);
  const page = db.prepare(`SELECT key, row FROM ${table} WHERE key > ? ORDER BY key LIMIT ?`);
  const past = view.temporal
    ? db.prepare(
        `SELECT row FROM ${pastOf(view)} WHERE key = ? AND since <= ? AND until > ?
         ORDER BY since DESC LIMIT 1`,
      )
    : undefined;
  for (const statement of [get, page, past]) statement?.setReturnArrays(true);
  return {
    get,
    page,
    past,
    insert: db.prepare(
      `INSERT INTO ${table} (key, row, stream, position, since${more})
       VALUES (?, ?, ?, ?, ?${holders})`,
    ),
    move: db.prepare(`UPDATE ${table} SET position = ? WHERE id = ?`),
    remove: db.prepare(`DELETE FROM ${table} WHERE key = ?`),
    addPast: view.temporal
      ? db.prepare(
          `INSERT INTO ${pastOf(view)} (key, row, since, until${more})
           VALUES (?, ?, ?, ?${holders})`,
        )
      : undefined,
  };
}
