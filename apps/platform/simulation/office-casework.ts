import { areaCodeField } from '#libs/contracts';
import type { Acknowledged } from './ledger.js';
import type { Desk, Wish } from './office-desk.js';

interface KnownDispute {
  readonly id: string;
  readonly parties: readonly string[];
  mediator: string | undefined;
  step: number;
}

interface KnownPost {
  readonly id: string;
  readonly isMediators: boolean;
  holder: string | undefined;
}

const POSTS_MAX = 6;
const TOWNSHIP = areaCodeField.parse('430502001');

/** 调解与岗位: who holds a post, and the disputes that mediators settle. */
export class Casework {
  private readonly disputes: KnownDispute[] = [];
  private readonly posts: KnownPost[] = [];
  private readonly mediators: string[] = [];

  constructor(private readonly desk: Desk) {}

  next(): Wish {
    const { chance } = this.desk;
    if (this.posts.length < 2 || chance.happens(0.25)) return this.staff();
    if (this.disputes.length < 2 || chance.happens(0.2)) return this.report();
    return this.goOn(chance.of(this.disputes.slice(-6)));
  }

  hear({ asked, id, persons }: Acknowledged): void {
    switch (asked.name) {
      case 'createPost':
        this.posts.push({ id, isMediators: asked.input.kind === 'MEDIATOR', holder: undefined });
        break;
      case 'appoint':
        this.appointed(id, persons[0]);
        break;
      case 'release':
        this.appointed(id, undefined);
        break;
      case 'reportDispute':
        this.disputes.push({ id, parties: persons, mediator: undefined, step: 0 });
        break;
      default:
        this.progress(asked.name, id);
    }
  }

  private appointed(id: string, holder: string | undefined): void {
    const post = this.posts.find((each) => each.id === id);
    if (post === undefined) return;
    post.holder = holder;
    if (post.isMediators && holder !== undefined) this.mediators.push(holder);
  }

  private progress(name: string, id: string): void {
    const steps: Readonly<Record<string, number>> = { assign: 3, recordSession: 4, settle: 5 };
    const dispute = this.disputes.find((each) => each.id === id);
    if (dispute === undefined) return;
    dispute.step = name === 'consent' ? dispute.step + 1 : (steps[name] ?? dispute.step);
  }

  private staff(): Wish {
    const { chance, grid } = this.desk;
    const post = this.posts.length > 0 ? chance.of(this.posts) : undefined;
    if (post === undefined || (this.posts.length < POSTS_MAX && chance.happens(0.4))) {
      const kind = chance.happens(0.7) ? 'MEDIATOR' : 'GRID_WORKER';
      return { name: 'createPost', input: { kind, area: chance.happens(0.6) ? TOWNSHIP : grid() } };
    }
    if (post.holder !== undefined && chance.happens(0.8)) {
      return { name: 'release', input: { post: post.id, reason: '调动' } };
    }
    const account = `account-${post.id.slice(-6)}`;
    return { name: 'appoint', input: { post: post.id, name: '李丙', account } };
  }

  private report(): Wish {
    const { chance, grid } = this.desk;
    const parties = ['甲', '乙', '丙'].slice(0, chance.between(2, 3));
    const input = { grid: grid(), kind: 'NEIGHBOURS', facts: '漏水', parties } as const;
    return { name: 'reportDispute', input };
  }

  private goOn(known: KnownDispute): Wish {
    const { chance } = this.desk;
    if (chance.happens(0.12)) return this.stray(known);
    const { id: dispute, parties, step } = known;
    if (step < parties.length && step < 3) {
      const party = parties[step] ?? '';
      return { name: 'consent', input: { dispute, party } };
    }
    if (step <= 3 && chance.happens(0.75)) return this.assign(dispute);
    if (step === 3) return this.session(dispute);
    if (step === 4 && chance.happens(0.6)) {
      const input = { dispute, terms: '各让一步', performBy: '2026-12-31', signedBy: parties };
      return { name: 'settle', input };
    }
    return chance.happens(0.5) ? this.session(dispute) : this.assign(dispute);
  }

  /** Anything may be asked of a dispute at any time. */
  private stray({ id: dispute, parties }: KnownDispute): Wish {
    const { chance, strange } = this.desk;
    const routesTold = ['COURT'] as const;
    const settle = { dispute, terms: '一', performBy: '2026-12-31', signedBy: parties.slice(1) };
    return chance.of<() => Wish>([
      () => ({
        name: 'refuseMediation',
        input: { dispute, party: chance.of(parties), routesTold },
      }),
      () => ({ name: 'endMediation', input: { dispute, reason: '不成', routesTold } }),
      () => ({ name: 'settle', input: settle }),
      () => ({ name: 'consent', input: { dispute, party: strange() } }),
      () => ({ name: 'consent', input: { dispute: strange(), party: chance.of(parties) } }),
      () => this.session(dispute),
      () => this.assign(dispute),
    ])();
  }

  private assign(dispute: string): Wish {
    const { chance, strange } = this.desk;
    const known = this.mediators.slice(-3);
    const mediator = known.length > 0 && chance.happens(0.95) ? chance.of(known) : strange();
    return { name: 'assign', input: { dispute, mediator } };
  }

  private session(dispute: string): Wish {
    const input = { dispute, heldAt: this.desk.now(), summary: '谈过' };
    return { name: 'recordSession', input };
  }
}
