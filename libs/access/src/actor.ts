import type { AreaCode } from '#libs/contracts';
import type { Role } from './policy.js';

/** 操作者: who acts, as the verified token says; never taken from an input. */
export interface Actor {
  readonly subject: string;
  readonly role: Role;
  /** The actor may act in this area and everything under it. */
  readonly area: AreaCode;
}
