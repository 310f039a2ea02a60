import type { DatabaseSync } from 'node:sqlite';

/** The formats, `PRAGMA user_version`, that this version writes and reads. */
export const STORE_FORMATS = { 'log.db': 2, 'index.db': 1, 'checkpoints.db': 1 } as const;

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
 * tells of somebody who meant to change what it guards. Of the names that SQLite keeps to itself only
 * the indexes count for nothing that it makes of primary keys: any other may have been given by hand.
 */
export function schemaDifferences(
  file: keyof typeof SCHEMAS,
  db: DatabaseSync,
): readonly { readonly kind: 'missing' | 'unknown'; readonly statement: string }[] {
  const rows = db
    .prepare(
      `SELECT name, sql FROM sqlite_schema WHERE NOT (type = 'index' AND sql IS NULL
         AND name GLOB 'sqlite_autoindex_' || tbl_name || '_[0-9]')`,
    )
    .all() as { name: string; sql: string | null }[];
  const found = new Set(rows.map(({ name, sql }) => spaced(sql ?? name)));
  const expected = new Set(SCHEMAS[file].map(spaced));
  return [
    ...without(expected, found).map((statement) => ({ kind: 'missing' as const, statement })),
    ...without(found, expected).map((statement) => ({ kind: 'unknown' as const, statement })),
  ];
}

/** The format that the file says it has. */
export function formatOf(db: DatabaseSync): number {
  const { format } = db.prepare('SELECT user_version AS format FROM pragma_user_version').get() as {
    format: number;
  };
  return format;
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
