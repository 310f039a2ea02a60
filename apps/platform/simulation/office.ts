import { areaCodeField, type AreaCode } from '#libs/contracts';
import type { Chance } from '../src/demo-chance.js';
import type { Asked } from './commands.js';
import type { Acknowledged } from './ledger.js';
import type { Wish } from './office-desk.js';
import { Casework } from './office-casework.js';
import { Patrols } from './office-patrols.js';
import { Safety } from './office-safety.js';

export const VILLAGES = ['430502001001', '430502001002'] as const;
const GRIDS_MAX = 5;
const CLERKS = ['clerk-1', 'clerk-2', 'clerk-3'];

/**
 * 办公室: people at work, from the seed. They know what they were told, do mostly what comes next,
 * and sometimes what makes no sense.
 */
export class Office {
  private readonly grids: AreaCode[] = [];
  private readonly casework: Casework;
  private readonly patrols: Patrols;
  private readonly safety: Safety;

  constructor(
    private readonly chance: Chance,
    now: () => string,
    private readonly newId: () => string,
  ) {
    const grid = (): AreaCode => (this.grids.length > 0 ? chance.of(this.grids) : this.anyGrid());
    const desk = { chance, now, grid, strange: newId };
    this.casework = new Casework(desk);
    this.patrols = new Patrols(desk);
    this.safety = new Safety(desk);
  }

  /** What somebody does now. */
  next(): Asked {
    const wish = this.wish();
    const actor = wish.actor ?? this.chance.of(CLERKS);
    return { ...wish, actor, commandId: this.newId() };
  }

  /** Somebody reads an answer. */
  hear(told: Acknowledged): void {
    const { asked } = told;
    if (asked.name === 'openGrid') this.grids.push(asked.input.grid);
    this.casework.hear(told);
    this.patrols.hear(told);
    this.safety.hear(told);
  }

  /** Observations of which the hazard is not known yet. */
  get unfollowed(): readonly string[] {
    return this.patrols.observations;
  }

  /** Somebody has looked up what became of an observation. */
  sees(observation: string, hazard: string): void {
    this.patrols.followed(observation);
    this.safety.sees(hazard);
  }

  private wish(): Wish {
    const { chance } = this;
    if (this.grids.length < 2) return this.gridWork();
    const turn = chance.next();
    if (turn < 0.12) return this.gridWork();
    if (turn < 0.47) return this.casework.next();
    return turn < 0.7 ? this.patrols.next() : this.safety.next();
  }

  private gridWork(): Wish {
    const { chance, grids } = this;
    if (grids.length < 3 || chance.happens(0.35)) {
      const grid = this.anyGrid();
      return { name: 'openGrid', input: { grid, name: `网格${grid.slice(-2)}` } };
    }
    const grid = chance.of(grids);
    if (chance.happens(0.3)) {
      return { name: 'renameGrid', input: { grid, name: `新名${chance.between(1, 9)}` } };
    }
    const near = grids.filter((each) => each.slice(0, -3) === grid.slice(0, -3));
    const other = (): AreaCode => chance.of(chance.happens(0.9) ? near : grids);
    const successors = chance.happens(0.3)
      ? []
      : chance.happens(0.7)
        ? [other()]
        : [other(), other()];
    const input = { grid, successors: [...new Set(successors)], reason: '合并' };
    return { name: 'retireGrid', input };
  }

  private anyGrid(): AreaCode {
    const number = String(this.chance.between(1, GRIDS_MAX)).padStart(3, '0');
    return areaCodeField.parse(`${this.chance.of(VILLAGES)}${number}`);
  }
}
