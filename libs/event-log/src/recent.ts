/**
 * What was said of the newest events, by name. It forgets in two generations: once the younger one
 * is full, the older goes as a whole, so that nobody waits while thousands are taken out singly.
 */
export class Recent<Value> {
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();
  /** The end of the log when the older generation was closed. */
  private oldEnd = 0;

  /** @param limit names in a generation; more wait until they may be forgotten */
  constructor(private readonly limit: number) {}

  get(name: string): Value | undefined {
    return this.young.get(name) ?? this.old.get(name);
  }

  set(name: string, value: Value): void {
    this.young.set(name, value);
  }

  /** Nothing before the position `before` is needed any more; the log ends at `end`. */
  forget(before: number, end: number): void {
    if (this.young.size < this.limit || this.oldEnd > before) return;
    this.old = this.young;
    this.oldEnd = end;
    this.young = new Map();
  }
}
