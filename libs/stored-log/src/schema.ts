import type { DatabaseSync } from 'node:sqlite';

/** What each file of a log is made of, by the statements that made it, spaces apart. */
const SCHEMAS = {
  'log.db': [
    `CREATE TABLE event ( position INTEGER PRIMARY KEY, previous INTEGER,
      entry BLOB NOT NULL ) STRICT`,
    'CREATE TABLE tile (id INTEGER PRIMARY KEY, root BLOB NOT NULL, hashes BLOB NOT NULL) STRICT',
    ...['event', 'tile'].flatMap(guards),
  ],
  'index.db': [
    `CREATE TABLE head ( stream TEXT PRIMARY KEY, position INTEGER NOT NULL,
      version INTEGER NOT NULL ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE command ( number INTEGER NOT NULL, position INTEGER NOT NULL,
      PRIMARY KEY (number, position) ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE mark ( id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL,
      leaf BLOB NOT NULL ) STRICT`,
  ],
  'checkpoints.db': [
    `CREATE TABLE checkpoint ( epoch INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
      PRIMARY KEY (epoch, size) ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE epoch ( epoch INTEGER PRIMARY KEY, origin TEXT NOT NULL, vkey TEXT NOT NULL,
      size INTEGER NOT NULL, reason TEXT, lost_note TEXT, opened_at TEXT NOT NULL ) STRICT`,
  ],
} as const;

/**
 * What a file has beside its tables and guards, and what it lacks of them: a guard that is gone
 * tells of somebody who meant to change what it guards. SQLite's own tables count for nothing.
 */
export function schemaDifferences(
  file: keyof typeof SCHEMAS,
  db: DatabaseSync,
): readonly { readonly kind: 'missing' | 'unknown'; readonly statement: string }[] {
  const rows = db
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'`)
    .all() as { name: string; sql: string | null }[];
  const found = new Set(rows.map(({ name, sql }) => spaced(sql ?? name)));
  const expected = new Set(SCHEMAS[file].map(spaced));
  return [
    ...without(expected, found).map((statement) => ({ kind: 'missing' as const, statement })),
    ...without(found, expected).map((statement) => ({ kind: 'unknown' as const, statement })),
  ];
}

function guards(table: string): readonly string[] {
  return [
    `CREATE TRIGGER ${table}_kept BEFORE DELETE ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table}s are never deleted'); END`,
    `CREATE TRIGGER ${table}_unaltered BEFORE UPDATE ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table}s are never changed'); END`,
  ];
}

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...some].filter((each) => !others.has(each));
}

function spaced(statement: string): string {
  return statement.replaceAll(/\s+/g, ' ').trim();
}
