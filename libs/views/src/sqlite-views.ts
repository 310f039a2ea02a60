import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Recorded } from '#libs/event';
import { columnsOf, conditionOf, createTable, sqlValue, tableOf } from './sqlite-sql.js';
import type { Query, Scalar, View, ViewRow, ViewStore, Where } from './view.js';
import { viewsFile } from './views-file.js';

/**
 * Views in `DIR/views-GENERATION.db`. The generation follows from the views' names, versions and
 * indexes: changed views start in a new file, filled from the log, and the old file goes.
 */
export function openSqliteViews(dir: string, views: readonly View[]): ViewStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = viewsFile(views);
  for (const name of readdirSync(dir)) {
    if (/^views-.*\.db/.test(name) && !name.startsWith(file)) rmSync(join(dir, name));
  }
  const db = new DatabaseSync(join(dir, file), { timeout: 5000 });
  // NORMAL: rows and position move together, so a power cut costs a replay and no row.
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS applied (position INTEGER NOT NULL) STRICT;
    INSERT INTO applied SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM applied);`);
  for (const view of views) db.exec(createTable(view));
  return new SqliteViews(db, views);
}

class SqliteViews implements ViewStore {
  private readonly tables;
  private applied: number;
  private readonly move;

  constructor(
    private readonly db: DatabaseSync,
    private readonly views: readonly View[],
  ) {
    this.tables = new Map(views.map((view) => [view.name, statementsOf(db, view)]));
    const row = db.prepare('SELECT position FROM applied').get() as { position: number };
    this.applied = row.position;
    this.move = db.prepare('UPDATE applied SET position = ?');
  }

  async position(): Promise<number> {
    return this.applied;
  }

  async apply(events: readonly Recorded[]): Promise<void> {
    const fresh = events.filter(({ position }) => position >= this.applied);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.db.exec('BEGIN IMMEDIATE');
    try {
      for (const recorded of fresh) this.applyOne(recorded);
      this.move.run(last.position + 1);
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
    this.applied = last.position + 1;
  }

  async get<Row extends ViewRow>(view: View<Row>, key: string): Promise<Row | undefined> {
    return this.row(view, key);
  }

  async find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    const { sql, values } = conditionOf(query);
    const order = query.orderBy.map((field) => `f_${field}`).join(', ');
    const rows = this.all(
      `SELECT row FROM ${tableOf(view)} WHERE ${sql} ORDER BY ${order} LIMIT ?`,
      [...values, query.limit],
    ) as { row: string }[];
    return rows.map(({ row }) => JSON.parse(row) as Row);
  }

  async count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number> {
    const { equals, under } = where;
    const { sql, values } = conditionOf({ equals, under, orderBy: [], limit: 0 });
    const rows = this.all(`SELECT count(*) AS count FROM ${tableOf(view)} WHERE ${sql}`, values);
    return (rows[0] as { count: number }).count;
  }

  async close(): Promise<void> {
    this.db.close();
  }

  private applyOne(recorded: Recorded): void {
    for (const view of this.views) {
      const key = view.keyOf(recorded);
      if (key === undefined) continue;
      const row = view.evolve(this.row(view, key), recorded);
      const { put, remove } = this.statements(view);
      if (row === undefined) remove.run(key);
      else put.run(key, JSON.stringify(row), ...fieldsOf(view, row));
    }
  }

  private row<Row extends ViewRow>(view: View<Row>, key: string): Row | undefined {
    const found = this.statements(view).get.get(key) as { row: string } | undefined;
    return found && (JSON.parse(found.row) as Row);
  }

  private statements(view: { readonly name: string }) {
    const statements = this.tables.get(view.name);
    if (statements === undefined) throw new Error(`view ${view.name} is not kept in this store`);
    return statements;
  }

  private all(sql: string, values: readonly Scalar[]): readonly unknown[] {
    return this.db.prepare(sql).all(...values.map(sqlValue));
  }
}

function statementsOf(db: DatabaseSync, view: View) {
  const table = tableOf(view);
  const columns = ['key', 'row', ...columnsOf(view)];
  return {
    get: db.prepare(`SELECT row FROM ${table} WHERE key = ?`),
    put: db.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (key) DO UPDATE SET
       ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    ),
    remove: db.prepare(`DELETE FROM ${table} WHERE key = ?`),
  };
}

function fieldsOf(view: View, row: ViewRow): readonly SQLInputValue[] {
  const fields = columnsOf(view).map((column) => column.slice('f_'.length));
  return fields.map((field) => sqlValue((row as Record<string, Scalar>)[field] ?? null));
}
