import { commandNumber } from './command-key.js';

/** A service has a handful of kinds of streams; what comes beyond these is looked for each time. */
const KINDS_MAX = 64;

/**
 * The greatest stream name of each kind, and the greatest number of a command. Ids begin with their
 * time (RFC 9562, versions 7 and 8), so that a new one is greater than all of its kind, and need not
 * be looked for among them.
 */
export class NewestNames {
  private readonly tops: Map<string, string>;

  constructor(
    names: readonly string[] = [],
    private greatest = -1,
  ) {
    this.tops = new Map(names.map((name) => [kindOf(name) ?? name, name]));
  }

  get names(): readonly string[] {
    return [...this.tops.values()];
  }

  get order(): number {
    return this.greatest;
  }

  copy(): NewestNames {
    return new NewestNames(this.names, this.greatest);
  }

  /** Whether nothing can have been written to this stream. */
  isNew(stream: string): boolean {
    const kind = kindOf(stream);
    if (kind === undefined) return false;
    const top = this.tops.get(kind);
    return top === undefined ? this.tops.size < KINDS_MAX : stream > top;
  }

  isNewCommand(actor: string, commandId: string): boolean {
    return commandNumber(actor, commandId) > this.greatest;
  }

  note(stream: string): void {
    const kind = kindOf(stream);
    if (kind === undefined || (!this.tops.has(kind) && this.tops.size >= KINDS_MAX)) return;
    const top = this.tops.get(kind);
    if (top === undefined || stream > top) this.tops.set(kind, stream);
  }

  noteCommand(actor: string, commandId: string): void {
    this.greatest = Math.max(this.greatest, commandNumber(actor, commandId));
  }
}

function kindOf(stream: string): string | undefined {
  const hyphen = stream.indexOf('-');
  return hyphen > 0 ? stream.slice(0, hyphen) : undefined;
}
