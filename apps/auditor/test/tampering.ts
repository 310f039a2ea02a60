import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Finding } from '../src/verify/findings.js';
import type { LogReport } from '../src/verify/log-report.js';
import { verifyLog } from '../src/verify/verify-log.js';
import type { VerifyOptions } from '../src/verify/verify-options.js';
import { hashToBytes, leafHash, TreeEdge } from '#libs/transparency';
import { newFolder, type SealedLog, SERVICE } from './sealed-log.js';

const LEVEL = 2 ** 40;

/** 篡改: a change that somebody with access to the files makes, and how it must be reported. */
export interface Tampering {
  readonly name: string;
  /** Changes a copy of the log. */
  readonly change: (copy: Copy) => void;
  readonly exit?: number;
  /** A finding that must be there: its place and text. */
  readonly found: RegExp;
  readonly options?: Partial<VerifyOptions>;
}

/** A copy of a log's folder, open to whoever wants to change it. */
export class Copy {
  readonly root = newFolder();
  readonly dir = join(this.root, SERVICE);

  constructor(original: SealedLog) {
    cpSync(original.dir, this.dir, { recursive: true });
  }

  /**
   * Changes one of the files; the guards of `log.db` are taken away and put back, save for those
   * that are to be `gone`.
   */
  edit(
    file: 'log' | 'index' | 'checkpoints',
    change: (db: DatabaseSync) => void,
    gone: readonly string[] = [],
  ): void {
    const db = new DatabaseSync(join(this.dir, `${file}.db`));
    // Nothing here has to outlast a power cut, and there are many copies.
    db.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; BEGIN');
    const guards = db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all();
    for (const { name } of guards) db.exec(`DROP TRIGGER ${String(name)}`);
    change(db);
    for (const { name, sql } of guards) if (!gone.includes(String(name))) db.exec(String(sql));
    db.exec('COMMIT');
    db.close();
  }

  log(...statements: readonly string[]): void {
    this.edit('log', (db) => statements.forEach((sql) => db.exec(sql)));
  }

  index(...statements: readonly string[]): void {
    this.edit('index', (db) => statements.forEach((sql) => db.exec(sql)));
  }

  checkpoints(...statements: readonly string[]): void {
    this.edit('checkpoints', (db) => statements.forEach((sql) => db.exec(sql)));
  }

  entry(position: number): Buffer {
    const db = new DatabaseSync(join(this.dir, 'log.db'), { readOnly: true });
    const row = db.prepare('SELECT entry FROM event WHERE position = ?').get(position);
    db.close();
    return Buffer.from(row?.entry as Uint8Array);
  }

  setEntry(position: number, entry: Uint8Array): void {
    this.edit('log', (db) => {
      db.prepare('UPDATE event SET entry = ? WHERE position = ?').run(entry, position);
    });
  }

  /** Makes all hashes that are kept those of the entries as they are now. */
  repairTiles(): void {
    this.edit('log', (db) => {
      db.exec('DELETE FROM tile');
      const add = db.prepare('INSERT INTO tile (id, root, hashes) VALUES (?, ?, ?)');
      const tree = new TreeEdge();
      for (const { entry } of db.prepare('SELECT entry FROM event ORDER BY position').all()) {
        for (const { level, index, root, hashes } of tree.append(leafHash(entry as Uint8Array))) {
          add.run(level * LEVEL + index, hashToBytes(root), hashes);
        }
      }
    });
  }

  verify(options: Partial<VerifyOptions> = {}): Promise<LogReport> {
    return verifyCopy(this.dir, options);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

export function verifyCopy(dir: string, options: Partial<VerifyOptions> = {}): Promise<LogReport> {
  const place = { kind: 'store', service: SERVICE, dir } as const;
  const all = { pinned: [], against: [], workers: 0, now: Date.now, onProgress: () => undefined };
  return verifyLog(place, { ...all, ...options });
}

export const textOf = ({ severity, where, what }: Finding): string =>
  `${severity}: ${where} ${what}`;

/** Tries changes on copies of a log; answers those that were not reported as they must be. */
export async function notReported(
  original: SealedLog,
  tamperings: readonly Tampering[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { name, change, exit = 1, found, options } of tamperings) {
    const copy = new Copy(original);
    try {
      change(copy);
      const report = await copy.verify(options);
      const texts = report.found.kept.map(textOf);
      if (report.exit === exit && texts.some((text) => found.test(text))) continue;
      wrong.push(`${name}: exit ${report.exit}; ${texts.join(' | ')}`);
    } finally {
      copy.remove();
    }
  }
  return wrong;
}

/** One bit of one byte is another; which bit depends on the byte, so that all are tried. */
export function flipped(bytes: Uint8Array, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
  return changed;
}

/** As SQL writes bytes. */
export const hex = (bytes: Uint8Array): string => `x'${Buffer.from(bytes).toString('hex')}'`;
