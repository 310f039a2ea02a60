import type { Heard } from './timeline.js';

/** A piece of work in a grid. Between a closing that was heard and its answer it may be on its way. */
export interface Located {
  grids: ReadonlySet<string>;
  leaving?: { readonly closing: string; readonly to: string } | undefined;
}

/** How much of a service's work stood in the way of closing a grid into no other. */
export interface InTheWay {
  readonly closing: string;
  readonly service: string;
  /** At least: open when the service answered; at most: open when it heard. */
  readonly least: number;
  readonly most: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * 随迁: what is open in a grid that closes goes to the first successor, unless it ends between the
 * hearing and the answer; what had ended before stays where it was.
 */
export class Along<Work extends Located> {
  readonly inTheWay: InTheWay[] = [];
  private readonly shut = new Map<string, { readonly grid: string; readonly open: number }>();

  /**
   * @param works all pieces of work of one service, those to come as well
   * @param isOpen whether a piece is still to be done
   */
  constructor(
    private readonly service: string,
    private readonly works: Iterable<Work>,
    private readonly isOpen: (work: Work) => boolean,
  ) {}

  hears({ type, facts }: Heard): void {
    const closing = text(facts['closing']);
    const grid = text(facts['grid']);
    if (type === 'GridShut' || (type === 'GridClosing' && this.service === 'grid-registry')) {
      const [to] = facts['successors'] as readonly string[];
      this.hearsClosing(closing, grid, to);
    }
    const answers = type === 'GridWorkMoved' || type === 'GridWorkOpen';
    const answersItself = type === 'GridWorkAnswered' && facts['service'] === this.service;
    if (answers || answersItself) this.answers(closing);
  }

  private hearsClosing(closing: string, grid: string, to: string | undefined): void {
    const there = [...this.works].filter((work) => this.isOpen(work) && work.grids.has(grid));
    if (to === undefined) this.shut.set(closing, { grid, open: there.length });
    else for (const work of there) work.leaving = { closing, to };
  }

  private answers(closing: string): void {
    for (const work of this.works) {
      if (work.leaving?.closing !== closing) continue;
      const { to } = work.leaving;
      work.grids = this.isOpen(work) ? new Set([to]) : new Set([...work.grids, to]);
      work.leaving = undefined;
    }
    const shut = this.shut.get(closing);
    if (shut === undefined) return;
    const open = [...this.works].filter((work) => this.isOpen(work) && work.grids.has(shut.grid));
    const { service } = this;
    this.inTheWay.push({ closing, service, least: open.length, most: shut.open });
  }
}
