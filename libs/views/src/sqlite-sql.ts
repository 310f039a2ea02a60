import type { SQLInputValue } from 'node:sqlite';
import type { Query, Scalar, View, ViewRow } from './view.js';

/** A character after every other, so that `prefix` to `prefix + LAST` holds all that begin so. */
const LAST = '\u{10FFFF}';

export function tableOf({ name }: { readonly name: string }): string {
  // Names come from code, never from a request; a wrong one is a bug that must not become SQL.
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`${name} is not a view name`);
  return `view_${name}`;
}

/** One column for each field that an index or a query names. */
export function columnsOf(view: View): readonly string[] {
  return [...new Set(view.indexes.flat())].map((field) => `f_${field}`);
}

/** A rowid table with a unique index: measured twice as fast to fill as WITHOUT ROWID. */
export function createTable(view: View): string {
  const table = tableOf(view);
  const columns = columnsOf(view).map((column) => `, ${column} ANY`);
  const indexes = view.indexes.map((fields, index) => {
    const on = fields.map((field) => `f_${field}`).join(', ');
    return `CREATE INDEX IF NOT EXISTS ${table}_${index} ON ${table} (${on});`;
  });
  return `CREATE TABLE IF NOT EXISTS ${table}
    (key TEXT NOT NULL UNIQUE, row TEXT NOT NULL${columns.join('')}) STRICT;
    ${indexes.join('\n')}`;
}

/** The conditions of a query and their values, in order. */
export function conditionOf<Row extends ViewRow>(
  query: Query<Row>,
): { readonly sql: string; readonly values: readonly Scalar[] } {
  const parts: string[] = ['TRUE'];
  const values: Scalar[] = [];
  for (const [field, value] of Object.entries(query.equals ?? {})) {
    parts.push(`f_${field} IS ?`);
    values.push(value as Scalar);
  }
  if (query.under !== undefined && query.under.prefix !== '') {
    const { field, prefix } = query.under;
    parts.push(`f_${field} >= ? AND f_${field} < ?`);
    values.push(prefix, prefix + LAST);
  }
  if (query.after !== undefined) {
    const fields = query.orderBy.map((field) => `f_${field}`).join(', ');
    parts.push(`(${fields}) > (${query.after.map(() => '?').join(', ')})`);
    values.push(...query.after);
  }
  return { sql: parts.join(' AND '), values };
}

/** SQLite has no booleans. */
export function sqlValue(value: Scalar): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : value;
}
