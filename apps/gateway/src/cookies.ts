import type { IncomingMessage } from 'node:http';

/** How the gateway keeps something in a browser. */
export interface CookieTerms {
  readonly maxAgeS: number;
  /** Lax where the browser comes back from another site; the page itself needs no more than Strict. */
  readonly sameSite: 'Strict' | 'Lax';
}

/** Cookies that no script can read, and that go nowhere but to this gateway. */
export class Cookies {
  private readonly isSecure: boolean;

  /** @param publicUrl where people reach the gateway */
  constructor(private readonly publicUrl: string) {
    this.isSecure = publicUrl.startsWith('https:');
  }

  set(name: string, value: string, { maxAgeS, sameSite }: CookieTerms): string {
    const secure = this.isSecure ? '; Secure' : '';
    return `${this.nameOf(name)}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=${sameSite}${secure}`;
  }

  clear(name: string): string {
    return this.set(name, '', { maxAgeS: 0, sameSite: 'Strict' });
  }

  in({ headers }: IncomingMessage, name: string): string | undefined {
    const prefix = `${this.nameOf(name)}=`;
    const found = (headers.cookie ?? '').split(/;\s*/).filter((pair) => pair.startsWith(prefix));
    // Two of one name: somebody has planted another one.
    return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
  }

  /** Whether a browser says that a page of this gateway sends the request; other clients say nothing. */
  isOwnPage({ headers }: IncomingMessage): boolean {
    const { origin, 'sec-fetch-site': site } = headers;
    const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
    return isOwnSite && (origin === undefined || this.isOwn(origin, headers.host));
  }

  private isOwn(origin: string, host: string | undefined): boolean {
    return origin === this.publicUrl || origin === `http://${host}` || origin === `https://${host}`;
  }

  /** Only the host itself may set a cookie of this name (RFC 6265bis, section 4.1.3.2). */
  private nameOf(name: string): string {
    return this.isSecure ? `__Host-fengqiao-${name}` : `fengqiao-${name}`;
  }
}
