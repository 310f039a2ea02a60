import { parseAreaCode } from '#libs/contracts';
import type { Grant } from './identity.js';
import { ROLES } from './role.js';

/** A token has few: more would not fit into a header beside the rest. */
const GRANTS_MAX = 32;

/** `ROLE@AREA`, as a token's claim writes a grant. */
export function grantText({ role, area }: Pick<Grant, 'role' | 'area'>): string {
  return `${role}@${area}`;
}

/** The grants that a claim lists; undefined when one of them is none, or it lists none at all. */
export function grantsIn(claim: unknown): readonly Grant[] | undefined {
  if (!Array.isArray(claim) || claim.length > GRANTS_MAX) return undefined;
  const grants = claim.map(grantIn);
  return grants.every((grant) => grant !== undefined) ? grants : undefined;
}

function grantIn(text: unknown): Grant | undefined {
  const [, named, code = ''] = /^([a-z-]+)@(\d+)$/.exec(String(text)) ?? [];
  const role = ROLES.find((known) => known === named);
  const area = parseAreaCode(code);
  if (role === undefined || area === undefined) return undefined;
  return { role, area, source: { kind: 'claim' } };
}
