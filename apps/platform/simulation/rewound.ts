type Write<Store> = (store: Store) => unknown;

/**
 * 可回退的存储: a store that lives on in memory from one life to the next, and remembers what was
 * written to it in which order: of a file that is not synced at each write the newest may be lost.
 */
export class Rewound<Store> {
  store: Store;
  private writes: Write<Store>[] = [];

  constructor(private readonly open: () => Store) {
    this.store = open();
  }

  write<Answer>(write: (store: Store) => Answer): Answer {
    this.writes.push(write);
    return write(this.store);
  }

  /** How many writes could be lost. */
  get length(): number {
    return this.writes.length;
  }

  async loseNewest(count: number): Promise<void> {
    if (count === 0) return;
    this.writes = this.writes.slice(0, Math.max(0, this.writes.length - count));
    this.store = this.open();
    for (const write of this.writes) {
      try {
        await write(this.store);
      } catch {
        // It failed then, and so it does now: it left nothing.
      }
    }
  }
}

/** `target` with some of its methods in other hands; all others are its own. */
export function withMethods<Target extends object>(
  target: Target,
  replaced: Partial<Target>,
): Target {
  return new Proxy(target, {
    get: (own, name) => {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name) as unknown;
      const value: unknown = Reflect.get(own, name, own);
      return typeof value === 'function' ? (value.bind(own) as unknown) : value;
    },
  });
}
