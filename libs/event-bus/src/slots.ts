/** 名额: lets at most so many run at once; the others wait in the order in which they came. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Resolves when it is one's turn; undefined when it is at once: most need not wait at all. */
  enter(): Promise<void> | undefined {
    if (this.free === 0) return new Promise<void>((resolve) => this.waiting.push(resolve));
    this.free -= 1;
    return undefined;
  }

  leave(): void {
    // Handed on directly: nobody who came later takes it in between.
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
