import type { AreaCode } from '#libs/contracts';
import type { Chance } from '../src/demo-chance.js';
import type { CommandName, Inputs } from './commands.js';

/** What somebody wants done next. */
export type Wish = {
  readonly [Name in CommandName]: {
    readonly name: Name;
    readonly input: Inputs[Name];
    readonly actor?: string;
  };
}[CommandName];

/** What all in the office draw on. */
export interface Desk {
  readonly chance: Chance;
  readonly now: () => string;
  /** A grid that they know of, which may be closed by now. */
  readonly grid: () => AreaCode;
  /** An id that is nobody's. */
  readonly strange: () => string;
}
