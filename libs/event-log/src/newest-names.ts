/** A service has a handful of kinds of streams; what comes beyond these is looked for each time. */
const KINDS_MAX = 64;

/**
 * Of many commits the greatest stream name of each kind, and the greatest command id. Ids begin with their
 * time (RFC 9562, versions 7 and 8), so that a new one is greater than all of its kind, and need not
 * be looked for among them.
 */
export class NewestNames {
  private readonly tops: Map<string, string>;

  constructor(
    names: readonly string[] = [],
    private greatest = '',
  ) {
    this.tops = new Map(names.map((name) => [kindOf(name) ?? name, name]));
  }

  get names(): readonly string[] {
    return [...this.tops.values()];
  }

  get command(): string {
    return this.greatest;
  }

  /** Whether there was no commit at all. */
  get isEmpty(): boolean {
    return this.greatest === '';
  }

  copy(): NewestNames {
    return new NewestNames(this.names, this.greatest);
  }

  /** Whether nothing can have been written to this stream. */
  isNew(stream: string): boolean {
    const kind = kindOf(stream);
    if (this.isEmpty || kind === undefined) return this.isEmpty;
    const top = this.tops.get(kind);
    return top === undefined ? this.tops.size < KINDS_MAX : stream > top;
  }

  isNewCommand(commandId: string): boolean {
    return commandId > this.greatest;
  }

  note(stream: string): void {
    const kind = kindOf(stream);
    if (kind === undefined) return;
    const top = this.tops.get(kind);
    if (top === undefined ? this.tops.size < KINDS_MAX : stream > top) this.tops.set(kind, stream);
  }

  noteCommand(commandId: string): void {
    if (commandId > this.greatest) this.greatest = commandId;
  }
}

function kindOf(stream: string): string | undefined {
  const hyphen = stream.indexOf('-');
  return hyphen > 0 ? stream.slice(0, hyphen) : undefined;
}
