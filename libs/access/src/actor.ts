import type { AreaCode } from '#libs/contracts';
import type { Identity } from './identity.js';
import type { Role } from './policy.js';
import { TokenRefused } from './token-refused.js';

/** 操作者: who acts, as the verified token says; never taken from an input. */
export interface Actor {
  readonly subject: string;
  readonly role: Role;
  /** The actor may act in this area and everything under it. */
  readonly area: AreaCode;
}

/**
 * Who acts by the claims of a token: one role in one area.
 *
 * @throws TokenRefused when it claims nothing, as a person's does
 */
export function actorOf({ subject, claims: [claim] }: Identity): Actor {
  if (claim === undefined) throw new TokenRefused('invalid');
  return { subject, role: claim.role, area: claim.area };
}
