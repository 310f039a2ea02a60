import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { v7 as uuid } from 'uuid';
import { inTransaction } from './account-file.js';
import { Failures } from './failures.js';
import { isFit, makePassword, Passwords } from './passwords.js';
import { SignInRefused } from './refused.js';
import { type Session, type Sessions } from './sessions.js';

/** A password that the platform chose is to be changed within so long. */
export const GIVEN_MS = 7 * 24 * 3_600_000;

/** What is asked of the accounts cannot be done. */
export class AccountRefused extends Error {
  readonly code = 'ACCOUNT_REFUSED';
}

/** 账号: who may sign in on this machine. The id alone goes into logs and events, never the name. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly kind: Session['kind'];
  /** Until when the password that the platform chose must have been changed. */
  readonly givenUntilMs?: number;
  readonly isDisabled: boolean;
  readonly madeAtMs: number;
}

/** An account with the password that was chosen for it, to be told once. */
export interface GivenAccount {
  readonly account: Account;
  readonly password: string;
}

/** What somebody types. */
export interface SignIn {
  readonly name: string;
  readonly password: string;
  readonly newPassword?: string | undefined;
  /** `ACCOUNT DEVICE`, of a browser that the account signed in from before: counted apart. */
  readonly device?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: Session['kind'];
  readonly password: string;
  readonly given_until: number | null;
  readonly disabled_at: number | null;
  readonly made_at: number;
}

/** Local accounts (本机账号) in the file of accounts. */
export class Accounts {
  private readonly failures: Failures;

  constructor(
    private readonly db: DatabaseSync,
    private readonly sessions: Sessions,
    private readonly passwords = new Passwords(),
  ) {
    this.failures = new Failures(db);
  }

  /** Makes the first account, unless there is an account already. */
  async first(name: string, nowMs: number): Promise<GivenAccount | undefined> {
    if (this.list().length > 0) return undefined;
    return this.insert({ name, kind: 'first-account', nowMs, isOnly: true });
  }

  /** @throws AccountRefused when the name is none, or taken */
  async add(name: string, nowMs: number): Promise<GivenAccount> {
    const made = await this.insert({ name, kind: 'person', nowMs, isOnly: false });
    if (made === undefined) throw new AccountRefused('there is an account of this name already');
    return made;
  }

  list(): readonly Account[] {
    const rows = this.db.prepare('SELECT * FROM account ORDER BY made_at, id').all();
    return rows.map((row) => accountIn(row as unknown as Row));
  }

  /** Ends their sessions and lets them in no more. */
  disable(which: string, nowMs: number): Account {
    return this.change(which, (id) => {
      this.db
        .prepare('UPDATE account SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL')
        .run(nowMs, id);
    });
  }

  /** Ends their sessions, gives them another password, lets them in again. */
  async reset(which: string, nowMs: number): Promise<GivenAccount> {
    const { id } = this.find(which);
    const password = makePassword();
    const kept = await this.passwords.hash(password);
    const account = this.change(id, () => {
      this.db
        .prepare(
          'UPDATE account SET password = ?, given_until = ?, disabled_at = NULL WHERE id = ?',
        )
        .run(kept, nowMs + GIVEN_MS, id);
      this.failures.forget(id);
    });
    return { account, password };
  }

  /**
   * Begins a session for who knows the password.
   *
   * @throws SignInRefused; whether there is such an account, it does not tell
   */
  async signIn(asked: SignIn, nowMs: () => number): Promise<Session> {
    const name = nameOf(asked.name) ?? '';
    const row = this.byName(name);
    const whose = row === undefined ? whoseName(name) : whoseAccount(row.id, asked.device);
    this.mustNotWait(whose, nowMs());
    const isRight = await this.passwords.isRight(asked.password, row?.password);
    // Others may have been mistaken meanwhile: guesses that are sent all at once get no more answers.
    this.mustNotWait(whose, nowMs());
    if (row === undefined || !isRight || !mayEnter(row, nowMs())) {
      this.failures.count(whose, nowMs());
      throw new SignInRefused('SignInFailed');
    }
    this.failures.forget(whose);
    return this.begin(row, await this.changePassword(row, asked), nowMs());
  }

  private mustNotWait(whose: string, nowMs: number): void {
    const waitMs = this.failures.waitOf(whose, nowMs);
    if (waitMs > 0) throw new SignInRefused('SignInLocked', { retryAfterMs: waitMs });
  }

  /** @returns what is kept of the password then */
  private async changePassword(row: Row, asked: SignIn): Promise<string> {
    const { newPassword, password } = asked;
    if (newPassword === undefined) {
      if (row.given_until !== null) throw new SignInRefused('PasswordMustChange');
      return row.password;
    }
    if (newPassword === password || !isFit(newPassword, row.name)) {
      throw new SignInRefused('PasswordUnfit');
    }
    const kept = await this.passwords.hash(newPassword);
    // Whoever came first with the old password has the account: nobody changes it twice with it.
    const changed = this.db
      .prepare(
        `UPDATE account SET password = ?, given_until = NULL
         WHERE id = ? AND password = ? AND disabled_at IS NULL`,
      )
      .run(kept, row.id, row.password);
    if (changed.changes !== 1) throw new SignInRefused('SignInFailed');
    return kept;
  }

  /** The account may have been disabled or reset while its password was looked at. */
  private begin({ id, kind, password }: Row, kept: string, nowMs: number): Session {
    if (kept !== password) this.sessions.endOf(id);
    const session = this.sessions.begin({ subject: id, kind }, nowMs);
    // Asked last: whoever disables or resets it after this ends the session with the others.
    const row = this.byId(id);
    if (row?.password === kept && row.disabled_at === null) return session;
    this.sessions.end(session.id);
    throw new SignInRefused('SignInFailed');
  }

  private async insert(made: {
    readonly name: string;
    readonly kind: Session['kind'];
    readonly nowMs: number;
    readonly isOnly: boolean;
  }): Promise<GivenAccount | undefined> {
    const { kind, nowMs, isOnly } = made;
    const name = nameOf(made.name);
    if (name === undefined) {
      throw new AccountRefused('a name has 1 to 64 characters that can be seen, without blanks');
    }
    const password = makePassword();
    const kept = await this.passwords.hash(password);
    const id = uuid({ msecs: nowMs });
    const added = this.db
      .prepare(
        `INSERT INTO account (id, name, kind, password, given_until, made_at)
         SELECT ?, ?, ?, ?, ?, ? WHERE ${isOnly ? 'NOT EXISTS (SELECT 1 FROM account)' : '1'}
         ON CONFLICT DO NOTHING`,
      )
      .run(id, name, kind, kept, nowMs + GIVEN_MS, nowMs);
    if (added.changes !== 1) return undefined;
    return { account: this.find(id), password };
  }

  private change(which: string, work: (id: string) => void): Account {
    const { id } = this.find(which);
    inTransaction(this.db, () => {
      work(id);
      this.sessions.endOf(id);
    });
    return this.find(id);
  }

  /** By its name or its id. */
  private find(which: string): Account {
    const row = this.byId(which) ?? this.byName(nameOf(which) ?? '');
    if (row === undefined) throw new AccountRefused('there is no such account: accounts list');
    return accountIn(row);
  }

  private byId(id: string): Row | undefined {
    return this.db.prepare('SELECT * FROM account WHERE id = ?').get(id) as Row | undefined;
  }

  private byName(name: string): Row | undefined {
    return this.db.prepare('SELECT * FROM account WHERE name = ?').get(name) as Row | undefined;
  }
}

function mayEnter({ disabled_at, given_until }: Row, nowMs: number): boolean {
  return disabled_at === null && (given_until === null || nowMs < given_until);
}

/** As it is compared: people type a name in capitals, or in another width. */
function nameOf(text: string): string | undefined {
  const name = text.normalize('NFKC').toLowerCase();
  return /^[^\s\p{C}]{1,64}$/u.test(name) ? name : undefined;
}

/** A name that nobody has is counted as well, or waiting would tell who has an account. */
function whoseName(name: string): string {
  return `name ${hash('sha256', name, 'base64url')}`;
}

/** A browser that the account knows has a count of its own: others who guess do not keep it out. */
function whoseAccount(id: string, device: string | undefined): string {
  return device?.startsWith(`${id} `) === true ? device : id;
}

function accountIn(row: Row): Account {
  const { id, name, kind, given_until, disabled_at, made_at } = row;
  return {
    id,
    name,
    kind,
    ...(given_until !== null && { givenUntilMs: given_until }),
    isDisabled: disabled_at !== null,
    madeAtMs: made_at,
  };
}
