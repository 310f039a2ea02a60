import { tellsOfDamage } from '#libs/stored-log';
import { messageOf } from '../fault-code.js';
import type { Findings } from './findings.js';

/**
 * Reads what is kept at a place. What cannot be read because of what is stored there is a finding,
 * and undefined; a fault of the machine is thrown on.
 */
export async function readable<Value>(
  where: string,
  findings: Findings,
  read: () => Value | Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!tellsOfDamage(error)) throw error;
    findings.manipulation(where, `cannot be read: ${messageOf(error)}`);
    return undefined;
  }
}
