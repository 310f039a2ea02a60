import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokenKey, TokenRefused } from '#libs/access';
import type { SimulatedScheduler } from '#libs/scheduler';
import { movedClock } from '../test/sample-provider.js';
import { ACCESS_S } from './sign-in-desk.js';
import { AccountRefused, GIVEN_MS } from './accounts.js';
import { FIRST_WAIT_MS, FORGET_MS, FREE_FAILURES, LONGEST_WAIT_MS } from './failures.js';
import { HANDED_ON_S, type Identities, openIdentities, sessionCheck } from './identities.js';
import { openSignIn, type OpenSignIn } from './open-sign-in.js';
import { Passwords } from './passwords.js';
import { SignInRefused } from './refused.js';
import { LOST_ANSWER_MS, type Session } from './sessions.js';

const OWN = 'correct horse battery';
const terms = { idleMs: 30 * 60_000, wholeMs: 8 * 3_600_000 };
const cheap = () => new Passwords({ N: 16, r: 1, p: 1 });

let folder: string;
let clock: SimulatedScheduler;
let signIn: OpenSignIn;
let identities: Identities;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-accounts-'));
  clock = movedClock();
  signIn = open();
  const sessions = sessionCheck(folder, terms);
  identities = openIdentities({ key: openTokenKey(folder), clock, sessions });
});
afterEach(() => {
  signIn.close();
  rmSync(folder, { recursive: true, force: true });
});

const nowMs = () => Date.parse(clock.now());
const open = (passwords = cheap()): OpenSignIn =>
  openSignIn({ dataDir: folder, key: openTokenKey(folder), clock, terms, passwords });

/** An account with a password of its owner's own. */
async function owned(name = 'li'): Promise<Session> {
  const { password } = await signIn.accounts.add(name, nowMs());
  return signIn.desk.signIn({ name, password, newPassword: OWN });
}

async function outcome(what: Promise<unknown>): Promise<string> {
  try {
    await what;
    return 'done';
  } catch (error) {
    if (error instanceof SignInRefused) {
      const { refused, retryAfterMs } = error;
      return retryAfterMs === undefined ? refused : `${refused} ${retryAfterMs}`;
    }
    if (error instanceof TokenRefused) return error.reason;
    if (error instanceof AccountRefused) return error.message;
    throw error;
  }
}

const tries = (password: string, name = 'li', device?: string) =>
  outcome(signIn.desk.signIn({ name, password, device }));
const bears = async (session: Session) =>
  outcome(identities.verify(`Bearer ${(await signIn.desk.access(session)).token}`));

describe('a new account', () => {
  it('has a password that serves once, to choose another', async () => {
    const { account, password } = await signIn.accounts.add('Li.Wei', nowMs());
    expect(account).toMatchObject({ name: 'li.wei', kind: 'person', isDisabled: false });
    expect(await tries(password, 'li.wei')).toBe('PasswordMustChange');
    const session = await signIn.desk.signIn({ name: 'LI.WEI', password, newPassword: OWN });
    expect(session).toMatchObject({ subject: account.id, kind: 'person' });
    expect(await tries(password, 'li.wei')).toBe('SignInFailed');
    expect(await tries(OWN, 'ｌｉ.wei')).toBe('done');
  });

  it('has an id that tells nothing of its name', async () => {
    const { account } = await signIn.accounts.add('li.wei', nowMs());
    expect(account.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
  });

  it('is let in with its first password for a week', async () => {
    const { password } = await signIn.accounts.add('li', nowMs());
    await clock.pass(GIVEN_MS);
    expect(await outcome(signIn.desk.signIn({ name: 'li', password, newPassword: OWN }))).toBe(
      'SignInFailed',
    );
  });

  it.each(['', 'two words', 'x'.repeat(65), 'a\u0000b', 'a\u200bb'])(
    'cannot be called %j',
    async (name) => {
      expect(await outcome(signIn.accounts.add(name, nowMs()))).toContain('a name has 1 to 64');
    },
  );

  it('cannot have the name of another, however it is written', async () => {
    await signIn.accounts.add('li', nowMs());
    expect(await outcome(signIn.accounts.add('LI', nowMs()))).toContain('already');
  });

  it.each([
    ['too short', 'short one'],
    ['the first one', 'given'],
    ['one key again and again', 'aaaaaaaaaaaaaaaaaaaa'],
    ['too long', 'abcdefgh'.repeat(17)],
    ['the name and a bit', 'li.wei.of.4305'],
  ])('is refused a password that is %s', async (_, newPassword) => {
    const { password } = await signIn.accounts.add('li.wei', nowMs());
    const chosen = newPassword === 'given' ? password : newPassword;
    const asked = { name: 'li.wei', password, newPassword: chosen };
    expect(await outcome(signIn.desk.signIn(asked))).toBe('PasswordUnfit');
  });
});

describe('the first account', () => {
  it('is made once, also by two who start at once', async () => {
    const other = open();
    const made = await Promise.all([
      signIn.accounts.first('first', nowMs()),
      other.accounts.first('first', nowMs()),
    ]);
    other.close();
    expect(made.filter((given) => given !== undefined)).toHaveLength(1);
    expect(await signIn.accounts.first('second', nowMs())).toBeUndefined();
  });

  it('claims the highest office over all areas; no other account claims anything', async () => {
    const { password } = (await signIn.accounts.first('first', nowMs()))!;
    const first = await signIn.desk.signIn({ name: 'first', password, newPassword: OWN });
    const { token } = await signIn.desk.access(first);
    const { identity } = await identities.verify(`Bearer ${token}`);
    expect(identity).toMatchObject({
      kind: 'first-account',
      claims: [{ role: 'supervisor', area: '0' }],
    });
    const { token: other } = await signIn.desk.access(await owned());
    expect((await identities.verify(`Bearer ${other}`)).identity).toMatchObject({
      kind: 'person',
      claims: [],
    });
  });
});

describe('a session', () => {
  it.each([
    ['reset', (other: OpenSignIn) => other.accounts.reset('li', nowMs())],
    ['disabled', async (other: OpenSignIn) => other.accounts.disable('li', nowMs())],
  ])('does not begin with the password from before its account was %s', async (_, end) => {
    const { subject } = await owned();
    const other = open();
    /** Somebody else is faster, while the password is looked at. */
    class Slow extends Passwords {
      override async isRight(password: string, kept: string | undefined): Promise<boolean> {
        const isRight = await super.isRight(password, kept);
        await end(other);
        return isRight;
      }
    }
    const slow = open(new Slow({ N: 16, r: 1, p: 1 }));
    expect(await outcome(slow.desk.signIn({ name: 'li', password: OWN }))).toBe('SignInFailed');
    expect(other.desk.sessions.endOf(subject)).toBe(0);
    slow.close();
    other.close();
  });

  it('gives tokens that last a quarter of an hour', async () => {
    const { token, tokenEndsAtMs } = await signIn.desk.access(await owned());
    expect(tokenEndsAtMs - nowMs()).toBe(ACCESS_S * 1000);
    await clock.pass(ACCESS_S * 1000 + 10_000);
    expect(await outcome(identities.verify(`Bearer ${token}`))).toBe('expired');
  });

  it('ends after half an hour without a sign of life', async () => {
    const session = await owned();
    await clock.pass(terms.idleMs - 1);
    signIn.desk.sessions.touch(session.id, nowMs());
    await clock.pass(terms.idleMs - 1);
    expect(await bears(session)).toBe('done');
    await clock.pass(1);
    expect(await bears(session)).toBe('ended');
  });

  it('ends after its hours, whoever works in it', async () => {
    const session = await owned();
    for (let passed = 0; passed < terms.wholeMs; passed += 600_000) {
      expect(await bears(session)).toBe('done');
      await clock.pass(600_000);
      signIn.desk.sessions.touch(session.id, nowMs());
    }
    expect(signIn.desk.sessions.isOpen(session.id, nowMs())).toBe(false);
    expect(await bears(session)).toBe('ended');
  });

  it.each([
    ['they sign out', async (session: Session) => signIn.desk.sessions.end(session.id)],
    ['the account is disabled', async () => signIn.accounts.disable('li', nowMs())],
    ['the account is reset', () => signIn.accounts.reset('li', nowMs())],
  ])('and all its tokens end at once when %s', async (_, end) => {
    const session = await owned();
    const { token } = await signIn.desk.access(session);
    const renewal = signIn.desk.sessions.renewalOf(session.id);
    const cookie = signIn.desk.sessions.cookieOf(session.id);
    await end(session);
    expect(await outcome(identities.verify(`Bearer ${token}`))).toBe('ended');
    expect(() => signIn.desk.sessions.renew(renewal, nowMs())).toThrow(SignInRefused);
    expect(() => signIn.desk.inCookie(cookie)).toThrow(SignInRefused);
  });

  it('ends when another password is chosen elsewhere', async () => {
    const session = await owned();
    const newPassword = 'staple of another kind';
    await signIn.desk.signIn({ name: 'li', password: OWN, newPassword });
    expect(await bears(session)).toBe('ended');
  });

  it('is one of ten at most; the oldest makes room', async () => {
    const first = await owned();
    for (let n = 0; n < 10; n += 1) {
      await clock.pass(1000);
      await signIn.desk.signIn({ name: 'li', password: OWN });
    }
    expect(await bears(first)).toBe('ended');
  });

  it('goes on in a service that does not see it for a minute, with a token made for that', async () => {
    const elsewhere = openIdentities({ key: openTokenKey(folder), clock });
    const session = await owned();
    const handedOn = await signIn.desk.handedOn(session);
    expect(await outcome(elsewhere.verify(`Bearer ${handedOn}`))).toBe('done');
    await clock.pass(HANDED_ON_S * 1000 + 10_000);
    expect(await outcome(elsewhere.verify(`Bearer ${handedOn}`))).toBe('expired');
    const { token } = await signIn.desk.access(session);
    expect(await outcome(elsewhere.verify(`Bearer ${token}`))).toBe('ended');
  });
});

describe('a renewal', () => {
  it('serves once: used again it ends the session, since two have it', async () => {
    const session = await owned();
    const { sessions } = signIn.desk;
    const first = sessions.renewalOf(session.id);
    sessions.renew(first, nowMs());
    const second = sessions.renewalOf(session.id);
    expect(second).not.toBe(first);
    await clock.pass(LOST_ANSWER_MS + 1);
    expect(() => sessions.renew(first, nowMs())).toThrow(SignInRefused);
    expect(() => sessions.renew(second, nowMs())).toThrow(SignInRefused);
    expect(await bears(session)).toBe('ended');
  });

  it('whose answer was lost on the way may be asked for again at once', async () => {
    const session = await owned();
    const first = signIn.desk.sessions.renewalOf(session.id);
    signIn.desk.sessions.renew(first, nowMs());
    await clock.pass(LOST_ANSWER_MS);
    expect(signIn.desk.sessions.renew(first, nowMs())).toMatchObject({ id: session.id });
  });

  it('that is made up ends nothing', async () => {
    const session = await owned();
    const { sessions } = signIn.desk;
    const renewal = sessions.renewalOf(session.id);
    const [id, , mac] = renewal.split('.');
    const cookie = sessions.cookieOf(session.id);
    for (const made of ['', 'x', `${id}.2.${mac}`, `${id}.1.${'A'.repeat(43)}`, cookie]) {
      expect(() => sessions.renew(made, nowMs())).toThrow(SignInRefused);
    }
    expect(() => sessions.inCookie(renewal, nowMs())).toThrow(SignInRefused);
    expect(await bears(session)).toBe('done');
  });
});

describe('who mistakes the password', () => {
  const fail = async (times: number, name = 'li', device?: string): Promise<void> => {
    for (let n = 0; n < times; n += 1)
      expect(await tries('wrong', name, device)).toBe('SignInFailed');
  };

  it('waits after some mistakes, longer after each, and never longer than a quarter of an hour', async () => {
    await owned();
    await fail(FREE_FAILURES);
    for (let wait = FIRST_WAIT_MS; wait < LONGEST_WAIT_MS; wait *= 2) {
      expect(await tries(OWN)).toBe(`SignInLocked ${wait}`);
      await clock.pass(wait);
      await fail(1);
    }
    expect(await tries(OWN)).toBe(`SignInLocked ${LONGEST_WAIT_MS}`);
    await clock.pass(LONGEST_WAIT_MS);
    await fail(1);
    expect(await tries(OWN)).toBe(`SignInLocked ${LONGEST_WAIT_MS}`);
    await clock.pass(LONGEST_WAIT_MS);
    expect(await tries(OWN)).toBe('done');
  });

  it('does not wait longer for asking meanwhile', async () => {
    await owned();
    await fail(FREE_FAILURES);
    for (let n = 0; n < 50; n += 1) await tries('wrong');
    await clock.pass(FIRST_WAIT_MS);
    expect(await tries(OWN)).toBe('done');
  });

  it('has no more tries by sending them all at once', async () => {
    await owned();
    await fail(FREE_FAILURES - 1);
    const guesses = ['wrong', 'wrong too', OWN, 'wrong again'].map((guess) => tries(guess));
    const [first, ...others] = await Promise.all(guesses);
    expect(first).toBe('SignInFailed');
    for (const other of others) expect(other).toBe(`SignInLocked ${FIRST_WAIT_MS}`);
    await clock.pass(FIRST_WAIT_MS);
    expect(await tries(OWN)).toBe('done');
  });

  it('waits as well after a restart', async () => {
    await owned();
    await fail(FREE_FAILURES);
    signIn.close();
    signIn = open();
    expect(await tries(OWN)).toContain('SignInLocked');
  });

  it('keeps nobody out who is signed in, or has signed in from that browser before', async () => {
    const session = await owned();
    const device = await signIn.desk.deviceOf(session);
    await fail(FREE_FAILURES);
    expect(await tries(OWN)).toContain('SignInLocked');
    expect(await bears(session)).toBe('done');
    expect(await tries(OWN, 'li', device)).toBe('done');
  });

  it('is counted as well in a browser that is known, and a browser of another counts for nothing', async () => {
    const device = await signIn.desk.deviceOf(await owned());
    const other = await signIn.desk.deviceOf(await owned('wang'));
    await fail(FREE_FAILURES, 'li', device);
    expect(await tries(OWN, 'li', device)).toContain('SignInLocked');
    await fail(FREE_FAILURES, 'li', other);
    expect(await tries(OWN, 'li', other)).toContain('SignInLocked');
    expect(await tries(OWN)).toContain('SignInLocked');
  });

  it('starts anew with a success, a reset, or a day', async () => {
    await owned();
    await fail(FREE_FAILURES - 1);
    expect(await tries(OWN)).toBe('done');
    await fail(FREE_FAILURES - 1);
    await clock.pass(FORGET_MS);
    await fail(FREE_FAILURES - 1);
    expect(await tries(OWN)).toBe('done');
    await fail(FREE_FAILURES);
    const { password } = await signIn.accounts.reset('li', nowMs());
    expect(await tries(password)).toBe('PasswordMustChange');
  });

  it('is not told whether there is such an account', async () => {
    await owned();
    await fail(FREE_FAILURES, 'nobody');
    expect(await tries('wrong', 'nobody')).toBe(`SignInLocked ${FIRST_WAIT_MS}`);
    signIn.accounts.disable('li', nowMs());
    expect(await tries(OWN)).toBe('SignInFailed');
    const { password } = await signIn.accounts.add('wang', nowMs());
    signIn.accounts.disable('wang', nowMs());
    expect(await tries(password, 'wang')).toBe('SignInFailed');
  });
});

describe('the file of accounts', () => {
  it('is its owner’s alone, with what lies beside it', async () => {
    await owned();
    const files = readdirSync(folder).filter((name) => name.startsWith('accounts.db'));
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('holds no password and no secret of a session', async () => {
    const session = await owned();
    const { password } = await signIn.accounts.add('wang', nowMs());
    const renewal = signIn.desk.sessions.renewalOf(session.id);
    const secrets = [OWN, password, renewal, signIn.desk.sessions.cookieOf(session.id)];
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('remembers what may be used once until nobody could use it', async () => {
    const { sessions } = signIn.desk;
    const until = nowMs() + 1000;
    expect(sessions.useOnce('a', until, nowMs())).toBe(true);
    expect(sessions.useOnce('a', until, nowMs())).toBe(false);
    signIn.close();
    signIn = open();
    expect(signIn.desk.sessions.useOnce('a', until, nowMs())).toBe(false);
    expect(signIn.desk.sessions.useOnce('b', until, nowMs())).toBe(true);
  });
});
