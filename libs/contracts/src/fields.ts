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
