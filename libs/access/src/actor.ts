import { type AreaCode, COUNTRY } from '#libs/contracts';
import type { Purpose } from './action.js';
import type { Grant, Identity, IdentityKind } from './identity.js';
import { PERSON_CONCERNED, type Role } from './role.js';

/** 操作者: who acts, with the rights of this moment; never taken from an input. */
export interface Actor {
  readonly subject: string;
  readonly kind: IdentityKind;
  readonly grants: readonly Grant[];
  /** What the request says it is made for; what the action is for by itself when it says nothing. */
  readonly purpose?: Purpose;
}

/** What whoever is signed in may do with what tells of themselves. */
export const OWN_GRANT: Grant = {
  role: PERSON_CONCERNED,
  area: COUNTRY,
  source: { kind: 'self' },
};

/**
 * Who acts, once their appointments were looked up. Of a person the claims of the token do not
 * count: it would go on saying what is no longer so.
 */
export function actorOf(
  { subject, kind, claims }: Identity,
  found: readonly Grant[],
  purpose?: Purpose,
): Actor {
  const grants = kind === 'person' ? found : [...claims, ...found];
  return { subject, kind, grants, ...(purpose && { purpose }) };
}

/** A system with one role in one area, as a token of `npm run token` says. */
export function claimedIdentity(who: {
  readonly subject: string;
  readonly role: Role;
  readonly area: AreaCode;
  readonly expiresAtMs?: number;
}): Identity {
  const { subject, role, area, expiresAtMs = Number.MAX_SAFE_INTEGER } = who;
  const claims = [{ role, area, source: { kind: 'claim' } }] as const;
  return { subject, kind: 'system', claims, expiresAtMs };
}

/** The same as who acts. */
export function claimedActor(who: Parameters<typeof claimedIdentity>[0]): Actor {
  return actorOf(claimedIdentity(who), []);
}

/** Whether a volunteer is the one who acts: under their own id, or with the account of it. */
export function isSelf({ subject, grants }: Actor, volunteer: string): boolean {
  return subject === volunteer || grants.some(({ source }) => isOf(source, volunteer));
}

function isOf(source: Grant['source'], volunteer: string): boolean {
  return source.kind === 'enrolment' && source.volunteer === volunteer;
}
