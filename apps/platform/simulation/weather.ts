import type { Chance } from '../src/demo-chance.js';

/** How likely each fault is, each time there is an occasion for it. */
export interface Climate {
  /** An answer of a store or a feed takes time. */
  readonly delay: number;
  /** The process ends at a write: before it is durable, or after it, before anybody is told. */
  readonly crash: number;
  /** A feed cannot be read. */
  readonly feedDown: number;
  /** The log is busy and records nothing. */
  readonly busy: number;
  /** A delivery is lost before it has its effect; the feed brings it again. */
  readonly drop: number;
  /** It is lost that a delivery had its effect; the feed brings it again. */
  readonly forget: number;
  /** A delivery comes twice, or once more much later. */
  readonly repeat: number;
  /** A handler cannot take the events of a stream any more, until it is mended. */
  readonly poison: number;
  /** A command's answer is lost. */
  readonly lostAnswer: number;
}

const FAIR: Climate = {
  delay: 0,
  crash: 0,
  feedDown: 0,
  busy: 0,
  drop: 0,
  forget: 0,
  repeat: 0,
  poison: 0,
  lostAnswer: 0,
};

const DELAY_MS = 40;
const LATE_MS = 20_000;

/** 天气: which faults there are, from the seed; none once the storm is over. */
export class Weather {
  private climate = FAIR;
  private readonly poisoned = new Set<string>();

  constructor(private readonly chance: Chance) {}

  /** Some seeds are rough, some mild: what two faults do together shows only without a third. */
  storm(): void {
    const up = (most: number): number => (this.chance.happens(0.7) ? this.chance.next() * most : 0);
    this.climate = {
      delay: up(0.5),
      crash: up(0.02),
      feedDown: up(0.1),
      busy: up(0.05),
      drop: up(0.15),
      forget: up(0.15),
      repeat: up(0.3),
      poison: up(0.01),
      lostAnswer: up(0.3),
    };
  }

  clearUp(): void {
    this.climate = FAIR;
    this.poisoned.clear();
  }

  happens(fault: keyof Climate): boolean {
    const probability = this.climate[fault];
    return probability > 0 && this.chance.happens(probability);
  }

  /** Whether a handler fails with a stream: once it does, it goes on failing. */
  isPoisoned(lane: string): boolean {
    if (this.happens('poison')) this.poisoned.add(lane);
    return this.poisoned.has(lane);
  }

  /** When the process ends at a write, if it does. */
  crash(): 'before' | 'after' | undefined {
    if (!this.happens('crash')) return undefined;
    return this.chance.happens(0.5) ? 'before' : 'after';
  }

  delayMs(): number {
    return this.happens('delay') ? this.chance.between(1, DELAY_MS) : 0;
  }

  lateMs(): number {
    return this.chance.between(1, LATE_MS);
  }

  between(least: number, most: number): number {
    return this.chance.between(least, most);
  }
}
