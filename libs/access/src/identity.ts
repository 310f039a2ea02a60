import type { AreaCode } from '#libs/contracts';
import type { Role } from './role.js';

/** 授权来源: why somebody has a role: a claim of their token, or what the records say. */
export type GrantSource =
  | { readonly kind: 'claim' }
  /** Nobody gave it: it is about themselves. */
  | { readonly kind: 'self' }
  /** An appointment to a post, as the registry has recorded it. */
  | { readonly kind: 'appointment'; readonly post: string; readonly holder: string }
  /** An enrolment as a volunteer, as the volunteers service has recorded it. */
  | { readonly kind: 'enrolment'; readonly volunteer: string };

/** 授权: one role in one area and everything under it, and where it comes from. */
export interface Grant {
  readonly role: Role;
  readonly area: AreaCode;
  readonly source: GrantSource;
}

/** 身份种类: a person who signed in, a system with a token, the first account of an installation. */
export type IdentityKind = 'person' | 'system' | 'first-account';

/** 身份: who a verified token speaks for, before any right is looked up. */
export interface Identity {
  /** The id of an account or of a client, as the log will record it; never a name. */
  readonly subject: string;
  readonly kind: IdentityKind;
  /** Role claims of the token: they count for systems and for the first account only. */
  readonly claims: readonly Grant[];
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}
