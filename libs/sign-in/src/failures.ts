import type { DatabaseSync } from 'node:sqlite';

/** So many mistakes are free. */
export const FREE_FAILURES = 5;
/** The first wait; each further mistake doubles it. */
export const FIRST_WAIT_MS = 30_000;
/** Never longer: who knows the password gets in again within this time, whoever else tries. */
export const LONGEST_WAIT_MS = 15 * 60_000;
/** Mistakes are forgotten so long after the last one. */
export const FORGET_MS = 24 * 3_600_000;
/** Of names that nobody has, so many are remembered: the table cannot be filled from outside. */
const ROWS_MAX = 10_000;

/**
 * 失败计数: who has mistaken the password how often. While somebody has to wait, nothing is tried
 * and nothing is counted, so that a wait is not made longer by asking.
 */
export class Failures {
  constructor(private readonly db: DatabaseSync) {}

  /** How long is to be waited yet, in milliseconds. */
  waitOf(whose: string, nowMs: number): number {
    const row = this.find(whose);
    return Math.max(0, Number(row?.['locked_until'] ?? 0) - nowMs);
  }

  count(whose: string, nowMs: number): void {
    const row = this.find(whose);
    const isRecent = row !== undefined && nowMs - Number(row['last_at']) < FORGET_MS;
    const failures = (isRecent ? Number(row['failures']) : 0) + 1;
    const beyond = failures - FREE_FAILURES;
    const wait =
      beyond < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** Math.min(beyond, 20), LONGEST_WAIT_MS);
    this.db
      .prepare(
        'INSERT OR REPLACE INTO failed (whose, failures, locked_until, last_at) VALUES (?, ?, ?, ?)',
      )
      .run(whose, failures, nowMs + wait, nowMs);
    this.db
      .prepare(
        `DELETE FROM failed WHERE last_at < ? OR whose IN
          (SELECT whose FROM failed ORDER BY last_at DESC LIMIT -1 OFFSET ${ROWS_MAX})`,
      )
      .run(nowMs - FORGET_MS);
  }

  forget(whose: string): void {
    this.db.prepare('DELETE FROM failed WHERE whose = ?').run(whose);
  }

  private find(whose: string) {
    return this.db.prepare('SELECT * FROM failed WHERE whose = ?').get(whose);
  }
}
