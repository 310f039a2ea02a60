import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { IdentityKind } from '#libs/access';
import { inTransaction } from './account-file.js';
import { SignInRefused } from './refused.js';

/** How long a session lasts. */
export interface SessionTerms {
  /** Without a sign of life. */
  readonly idleMs: number;
  /** In all. */
  readonly wholeMs: number;
}

/** 会话: somebody who has signed in, until they sign out, or it is ended for them. */
export interface Session {
  readonly id: string;
  readonly subject: string;
  readonly kind: Exclude<IdentityKind, 'system'>;
  /** It ends then at the latest, in milliseconds since 1970. */
  readonly endsAtMs: number;
}

/** What renews a session, or is one, in a browser's cookie. Kept by who signed in alone. */
export type SessionSecret = string;

const SECRET_BYTES = 32;
/** One person works at a few machines; the oldest session makes room. */
const OF_ONE_MAX = 10;
/** A sign of life is written down once in so long, not at each request. */
const USED_EVERY_MS = 60_000;
/** So long the renewal before is still answered: its answer may have been lost on the way. */
export const LOST_ANSWER_MS = 10_000;

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly kind: Session['kind'];
  readonly secret: Uint8Array;
  readonly generation: number;
  readonly renewed_at: number;
  readonly used_at: number;
  readonly ends_at: number;
}

/** Whether a session goes on, asked of the file at each request: its end is seen at once. */
export function isOpen(
  db: DatabaseSync,
  id: string,
  { terms, nowMs }: { readonly terms: SessionTerms; readonly nowMs: number },
): boolean {
  const row = find(db, id);
  return row !== undefined && goesOn(row, terms, nowMs);
}

function find(db: DatabaseSync, id: string): Row | undefined {
  return db.prepare('SELECT * FROM session WHERE id = ?').get(id) as Row | undefined;
}

function goesOn(row: Row, { idleMs }: SessionTerms, nowMs: number): boolean {
  return nowMs < row.ends_at && nowMs - row.used_at < idleMs;
}

/**
 * Sessions in the file of accounts. A renewal secret serves once: another use of an old one means
 * that two have it, and ends the session (RFC 9700, section 4.14.2).
 */
export class Sessions {
  constructor(
    private readonly db: DatabaseSync,
    readonly terms: SessionTerms,
  ) {}

  begin(who: Pick<Session, 'subject' | 'kind'>, nowMs: number): Session {
    const id = randomBytes(16).toString('base64url');
    inTransaction(this.db, () => {
      this.clear(nowMs);
      this.db
        .prepare(
          `INSERT INTO session (id, subject, kind, secret, generation, renewed_at, used_at, ends_at)
           VALUES (?, ?, ?, ?, 1, ?, ?, ?)`,
        )
        .run(
          id,
          who.subject,
          who.kind,
          randomBytes(SECRET_BYTES),
          nowMs,
          nowMs,
          nowMs + this.terms.wholeMs,
        );
      this.db
        .prepare(
          `DELETE FROM session WHERE subject = ? AND id IN
            (SELECT id FROM session WHERE subject = ? ORDER BY used_at DESC, rowid DESC
             LIMIT -1 OFFSET ${OF_ONE_MAX})`,
        )
        .run(who.subject, who.subject);
    });
    return { id, ...who, endsAtMs: nowMs + this.terms.wholeMs };
  }

  isOpen(id: string, nowMs: number): boolean {
    return isOpen(this.db, id, { terms: this.terms, nowMs });
  }

  /** Somebody works in it. */
  touch(id: string, nowMs: number): void {
    const row = find(this.db, id);
    if (row === undefined || nowMs - row.used_at < USED_EVERY_MS) return;
    this.db.prepare('UPDATE session SET used_at = ? WHERE id = ?').run(nowMs, id);
  }

  /** What renews the session the next time. */
  renewalOf(id: string): SessionSecret {
    const row = this.mustFind(id);
    return secretOf(row, String(row.generation));
  }

  /** What stands for the session in a browser's cookie; it serves until the session ends. */
  cookieOf(id: string): SessionSecret {
    return secretOf(this.mustFind(id), 'cookie');
  }

  /**
   * Takes a renewal secret, for which there is another one then.
   *
   * @throws SignInRefused when it is none, or was used before
   */
  renew(secret: SessionSecret, nowMs: number): Session {
    const row = this.rowOf(secret, nowMs);
    const [, generation = ''] = secret.split('.');
    // A cookie is no renewal: that it is sent here tells nothing of theft.
    if (!/^\d+$/.test(generation)) throw new SignInRefused('SessionOver');
    const isCurrent = Number(generation) === row.generation;
    if (!isCurrent) return this.renewAgain(row, Number(generation), nowMs);
    this.db
      .prepare(
        `UPDATE session SET generation = generation + 1, renewed_at = ?, used_at = ?
         WHERE id = ? AND generation = ?`,
      )
      .run(nowMs, nowMs, row.id, row.generation);
    return sessionIn(row);
  }

  private renewAgain(row: Row, generation: number, nowMs: number): Session {
    const isLost = generation === row.generation - 1 && nowMs - row.renewed_at <= LOST_ANSWER_MS;
    if (isLost) return sessionIn(row);
    this.end(row.id);
    throw new SignInRefused('SessionOver');
  }

  /** @throws SignInRefused when the cookie is none, or its session is over */
  inCookie(cookie: SessionSecret, nowMs: number): Session {
    const row = this.rowOf(cookie, nowMs);
    if (cookie.split('.')[1] !== 'cookie') throw new SignInRefused('SessionOver');
    return sessionIn(row);
  }

  end(id: string): void {
    this.db.prepare('DELETE FROM session WHERE id = ?').run(id);
  }

  endOf(subject: string): number {
    return Number(this.db.prepare('DELETE FROM session WHERE subject = ?').run(subject).changes);
  }

  /** Remembers what may be used once, until nobody could use it any more; false when it was. */
  useOnce(id: string, untilMs: number, nowMs: number): boolean {
    this.clear(nowMs);
    const added = this.db
      .prepare('INSERT OR IGNORE INTO used (id, until) VALUES (?, ?)')
      .run(id, untilMs);
    return added.changes === 1;
  }

  private clear(nowMs: number): void {
    this.db.prepare('DELETE FROM used WHERE until <= ?').run(nowMs);
    this.db
      .prepare('DELETE FROM session WHERE ends_at <= ? OR used_at <= ?')
      .run(nowMs, nowMs - this.terms.idleMs);
  }

  private rowOf(secret: SessionSecret, nowMs: number): Row {
    const [id = '', what = ''] = secret.split('.');
    const row = find(this.db, id);
    if (row === undefined || !goesOn(row, this.terms, nowMs) || !isSame(secret, row, what)) {
      throw new SignInRefused('SessionOver');
    }
    return row;
  }

  private mustFind(id: string): Row {
    const row = find(this.db, id);
    if (row === undefined) throw new SignInRefused('SessionOver');
    return row;
  }
}

function sessionIn({ id, subject, kind, ends_at: endsAtMs }: Row): Session {
  return { id, subject, kind, endsAtMs };
}

function secretOf({ id, secret }: Row, what: string): SessionSecret {
  return `${id}.${what}.${createHmac('sha256', secret).update(what).digest('base64url')}`;
}

function isSame(given: SessionSecret, row: Row, what: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secretOf(row, what))];
  return one.length === other.length && timingSafeEqual(one, other);
}
