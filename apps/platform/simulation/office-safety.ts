import type { Inputs } from './commands.js';
import type { Acknowledged } from './ledger.js';
import type { Desk, Wish } from './office-desk.js';

interface KnownHazard {
  readonly id: string;
  /** What was last done of it. */
  done: string;
}

const PLACES_MAX = 8;
/** What is looked at in a shop (checklist of the inspections service). */
const SHOP_ITEMS = ['M1', 'M4', 'S1', 'S4', 'E1', 'E2', 'Q1', 'P1', 'P2', 'P3'] as const;
const INSPECTORS = ['inspector-1', 'inspector-2', 'inspector-3'];

/** 安全检查: places, inspections, and hazards until they are closed. */
export class Safety {
  private readonly places: string[] = [];
  private readonly inspections: { readonly id: string; readonly failed: readonly string[] }[] = [];
  private readonly hazards: KnownHazard[] = [];

  constructor(private readonly desk: Desk) {}

  next(): Wish {
    const { chance, grid } = this.desk;
    if (this.places.length === 0 || (this.places.length < PLACES_MAX && chance.happens(0.12))) {
      return { name: 'registerPlace', input: { grid: grid(), kind: 'SHOP', name: '小店' } };
    }
    if (chance.happens(0.03)) {
      return { name: 'closePlace', input: { place: chance.of(this.places) } };
    }
    if (this.inspections.length === 0 || chance.happens(0.15)) return this.inspect();
    if (this.hazards.length === 0 || chance.happens(0.3)) return this.report();
    const open = this.hazards.filter(({ done }) => done !== 'closed' || chance.happens(0.1));
    return open.length > 0 ? this.goOn(chance.of(open)) : this.report();
  }

  hear({ asked, id }: Acknowledged): void {
    switch (asked.name) {
      case 'registerPlace':
        this.places.push(id);
        break;
      case 'inspect': {
        const failed = asked.input.items.filter(({ result }) => result === 'FAIL');
        this.inspections.push({ id, failed: failed.map(({ code }) => code) });
        break;
      }
      case 'reportHazard':
        this.hazards.push({ id, done: asked.input.fixedOnSpot ? 'closed' : 'gradeHazard' });
        break;
      case 'recheckHazard':
        this.progress(id, asked.input.passed ? 'closed' : 'gradeHazard');
        break;
      default:
        this.progress(id, asked.name);
    }
  }

  sees(hazard: string): void {
    this.hazards.push({ id: hazard, done: 'found' });
  }

  private progress(id: string, done: string): void {
    const hazard = this.hazards.find((each) => each.id === id);
    if (hazard !== undefined) hazard.done = done;
  }

  private inspect(): Wish {
    const { chance } = this.desk;
    const wrong = chance.happens(0.05);
    const items = SHOP_ITEMS.slice(wrong ? 1 : 0).map((code) => ({
      code,
      result: chance.happens(0.3) ? ('FAIL' as const) : ('PASS' as const),
    }));
    const inspector = chance.of(INSPECTORS);
    const input = { place: chance.of(this.places), inspector, items };
    return { name: 'inspect', input, actor: inspector };
  }

  private report(): Wish {
    const { chance } = this.desk;
    const { id: inspection, failed } = chance.of(this.inspections);
    const item = failed.length > 0 && chance.happens(0.95) ? chance.of(failed) : 'M1';
    const fixedOnSpot = chance.happens(0.25);
    const grade = chance.happens(0.2) ? 'MAJOR' : 'ORDINARY';
    const dueInDays = fixedOnSpot ? null : chance.between(1, 20);
    const input = { inspection, item, grade, fixedOnSpot, dueInDays, description: '堵塞' } as const;
    return { name: 'reportHazard', input };
  }

  private goOn({ id: hazard, done }: KnownHazard): Wish {
    const { chance } = this.desk;
    const by = chance.of(INSPECTORS);
    const grade: Inputs['gradeHazard'] = { hazard, grade: 'ORDINARY', dueInDays: 3 };
    const rectify = { hazard, rectifier: by, evidence: '已清理' };
    const passed = chance.happens(0.6);
    const recheck = { hazard, rechecker: by, passed, dueInDays: passed ? null : 2 };
    const wishes: Readonly<Record<string, Wish>> = {
      found: { name: 'gradeHazard', input: grade },
      gradeHazard: { name: 'rectifyHazard', input: rectify },
      rectifyHazard: { name: 'recheckHazard', input: recheck },
    };
    const wish = chance.happens(0.85) ? wishes[done] : chance.of(Object.values(wishes));
    return wish ?? { name: 'rectifyHazard', input: rectify };
  }
}
