/** 发现: something that the log should not have, or lacks. */
export interface Finding {
  /**
   * `manipulation`: what is stored is not what was recorded or signed. `gap`: something was, or is,
   * unprotected. `notice`: nothing is wrong, but who relies on the log should know.
   */
  readonly severity: 'manipulation' | 'gap' | 'notice';
  /** The place: `entry 17`, `tile 0/3`, `checkpoint of 300 entries`. */
  readonly where: string;
  readonly what: string;
}

export type Totals = Readonly<Record<Finding['severity'], number>>;

/** So many of each severity are kept; the rest is counted. */
const KEPT = 20;

/** What was found so far: one altered page may lead to thousands of findings. */
export class Findings {
  readonly #kept: Finding[] = [];
  readonly #totals = { manipulation: 0, gap: 0, notice: 0 };

  add(finding: Finding): void {
    this.#totals[finding.severity] += 1;
    if (this.#totals[finding.severity] <= KEPT) this.#kept.push(finding);
  }

  addAll(found: Found): void {
    for (const finding of found.kept) this.add(finding);
    // Those that were not kept there are counted here as well.
    for (const severity of ['manipulation', 'gap', 'notice'] as const) {
      const kept = found.kept.filter((each) => each.severity === severity).length;
      this.#totals[severity] += found.totals[severity] - kept;
    }
  }

  manipulation(where: string, what: string): void {
    this.add({ severity: 'manipulation', where, what });
  }

  gap(where: string, what: string): void {
    this.add({ severity: 'gap', where, what });
  }

  notice(where: string, what: string): void {
    this.add({ severity: 'notice', where, what });
  }

  /** In the order in which they were found. */
  found(): Found {
    return { kept: [...this.#kept], totals: { ...this.#totals } };
  }
}

/** Findings in a form that another thread can be told. */
export interface Found {
  readonly kept: readonly Finding[];
  readonly totals: Totals;
}
