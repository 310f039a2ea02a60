/**
 * What was said of the newest events, by name. It forgets in two generations: once the younger one
 * is full, the older goes as a whole, so that nobody waits while thousands are taken out singly.
 */
export class Recent<Value> {
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();
  /** The end of the log when the older generation was closed. */
  private oldEnd = 0;
  /** The highest rank in each generation, and of all that was forgotten. */
  private youngRank = -Infinity;
  private oldRank = -Infinity;

  /**
   * @param limit names in a generation; more wait until they may be forgotten
   * @param forgottenRank of what it was never told
   */
  constructor(
    private readonly limit: number,
    private forgottenRank = Infinity,
  ) {}

  /** Whether a name of this rank may have been forgotten: if not, it is here or nowhere. */
  mayHaveForgotten(rank: number): boolean {
    return rank <= this.forgottenRank;
  }

  /** @param rank the name's; a generation with none as high need not be searched */
  get(name: string, rank = -Infinity): Value | undefined {
    const young = rank > this.youngRank ? undefined : this.young.get(name);
    return young ?? (rank > this.oldRank ? undefined : this.old.get(name));
  }

  set(name: string, value: Value, rank = Infinity): void {
    this.young.set(name, value);
    if (rank > this.youngRank) this.youngRank = rank;
  }

  /** Nothing before the position `before` is needed any more; the log ends at `end`. */
  forget(before: number, end: number): void {
    if (this.young.size < this.limit || this.oldEnd > before) return;
    this.forgottenRank = Math.max(this.forgottenRank, this.oldRank);
    this.old = this.young;
    this.oldRank = this.youngRank;
    this.oldEnd = end;
    this.young = new Map();
    this.youngRank = -Infinity;
  }
}
