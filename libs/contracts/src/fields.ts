import { z } from 'zod';
import { type AreaCode, parseAreaCode } from './area-code.js';

export const areaCodeField = z.custom<AreaCode>(
  (value) => typeof value === 'string' && parseAreaCode(value) === value,
  'an area code of 2, 4, 6, 9, 12 or 15 digits, or 0',
);
export const idField = z.uuid();
/** RFC 3339, UTC. */
export const timeField = z.iso.datetime();
export const nameField = z.string().min(1).max(100);
export const textField = z.string().min(1).max(2000);
/**
 * How the subject of a sign-in looks, which is pseudonymous and never a name: short and visible, as
 * it goes into every event. `service:NAME` is the actor of a reaction.
 */
export const accountPattern = /^(?!service:)[^\s:\p{C}]{1,64}$/iu;
export const accountField = z.string().regex(accountPattern);
