/** Where a command was recorded. */
export interface Place {
  readonly first: number;
  readonly count: number;
}

/** What the writers were told is durable, and every answer that contradicts another. */
export class Acknowledged {
  readonly contradictions: string[] = [];
  private readonly places = new Map<string, Place>();
  /** For each writer the first command that was not acknowledged, and the one behind the last. */
  private readonly firstOpen = new Map<number, number>();
  private readonly behindLast = new Map<number, number>();

  get size(): number {
    return this.places.size;
  }

  note(writer: number, n: number, place: Place): void {
    const key = `${writer} ${n}`;
    const known = this.places.get(key);
    if (known !== undefined && (known.first !== place.first || known.count !== place.count)) {
      this.contradictions.push(`command ${key} is at ${known.first}, and then at ${place.first}`);
    }
    this.places.set(key, known ?? place);
    this.behindLast.set(writer, Math.max(n + 1, this.behindLastOf(writer)));
  }

  placeOf(writer: number, n: number): Place | undefined {
    return this.places.get(`${writer} ${n}`);
  }

  all(): Iterable<readonly [key: string, place: Place]> {
    return this.places;
  }

  behindLastOf(writer: number): number {
    return this.behindLast.get(writer) ?? 0;
  }

  /** The first command of a writer that was asked for, perhaps, and not acknowledged. */
  firstOpenOf(writer: number): number {
    let n = this.firstOpen.get(writer) ?? 0;
    while (this.places.has(`${writer} ${n}`)) n += 1;
    this.firstOpen.set(writer, n);
    return n;
  }
}
