import { randomInt, randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { SignInRefused } from './refused.js';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
/** What a guess costs: 128 MB and some tenths of a second (OWASP password storage, scrypt). */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Each takes a thread and its memory. */
const AT_ONCE = 2;
const WAITING_MAX = 16;
const BUSY_MS = 2_000;

/** Length is what makes a password strong (NIST SP 800-63B, 3.1.1.2); no mixture is asked for. */
const LENGTH_MIN = 12;
const LENGTH_MAX = 128;
const DIFFERENT_MIN = 5;

/** Without those that are mistaken for others: a person types it once. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** How much a password's hash costs; a spec makes it cheap. */
export type Cost = typeof COST | { readonly N: number; readonly r: number; readonly p: number };

/** A password of the platform's choice, of 98 bits. */
export function makePassword(): string {
  const letter = (): string => LETTERS.charAt(randomInt(LETTERS.length));
  return Array.from({ length: 4 }, () => Array.from({ length: 5 }, letter).join('')).join('-');
}

/** What a person's own password must be: long, not one key again and again, not their name. */
export function isFit(password: string, name: string): boolean {
  const written = password.normalize('NFKC');
  const length = [...written].length;
  const different = new Set(written).size;
  const tellsName = name.length > 3 && written.toLowerCase().includes(name.toLowerCase());
  return length >= LENGTH_MIN && length <= LENGTH_MAX && different >= DIFFERENT_MIN && !tellsName;
}

/** 密码: hashes and compares, a few at a time. */
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Compared with where there is no account, so that the time of an answer does not tell. */
  private nobody: Promise<string> | undefined;

  constructor(private readonly cost: Cost = COST) {}

  /** As it is kept: `scrypt$N$r$p$SALT$HASH`. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const made = await this.derive(password, salt, this.cost);
    const { N, r, p } = this.cost;
    return ['scrypt', N, r, p, salt.toString('base64url'), made.toString('base64url')].join('$');
  }

  /** @param kept undefined where there is no account: false, after as long */
  async isRight(password: string, kept: string | undefined): Promise<boolean> {
    this.nobody ??= this.hash(makePassword());
    const [, N, r, p, salt = '', hash = ''] = (kept ?? (await this.nobody)).split('$');
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const made = await this.derive(password, Buffer.from(salt, 'base64url'), cost);
    const isSame = timingSafeEqual(made, Buffer.from(hash, 'base64url'));
    return isSame && kept !== undefined;
  }

  private async derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
    await this.turn();
    try {
      const maxmem = 256 * cost.N * cost.r;
      return await derive(password.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem });
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= WAITING_MAX) {
        throw new SignInRefused('SignInBusy', { retryAfterMs: BUSY_MS });
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
  }
}
