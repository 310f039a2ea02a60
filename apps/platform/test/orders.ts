import type { Recorded } from '#libs/event';
import type { Participant } from './conversation.js';

/**
 * Picks one of several ways to go on, by its number; undefined when all that follows from here is
 * known already.
 *
 * @param state what is so now, written so that two equal states are equal texts
 */
export type Choose = (state: () => Promise<string>, ways: number) => Promise<number | undefined>;

const PLAYS_MAX = 20_000;

/**
 * Plays the same play again and again until every way to go on was taken from every state.
 *
 * @returns how many states there were
 */
export async function inEveryOrder(play: (choose: Choose) => Promise<void>): Promise<number> {
  const seen = new Set<string>();
  const path: { taken: number; readonly ways: number }[] = [];
  for (let plays = 0; plays < PLAYS_MAX; plays += 1) {
    let depth = 0;
    await play(async (stateNow, ways) => {
      if (depth === path.length) {
        const state = await stateNow();
        if (seen.has(state)) return undefined;
        seen.add(state);
        path.push({ taken: 0, ways });
      }
      depth += 1;
      return path[depth - 1]?.taken;
    });
    while ((path.at(-1)?.taken ?? 0) + 1 === path.at(-1)?.ways) path.pop();
    const last = path.at(-1);
    if (last === undefined) return seen.size;
    last.taken += 1;
  }
  throw new Error(`more than ${PLAYS_MAX} plays: make the scene smaller`);
}

interface Delivery {
  readonly to: string;
  readonly recorded: Recorded;
  /** The same for the same event to the same service. */
  readonly key: string;
  /** Events of one line are heard in their order. */
  readonly line: string;
}

/** 信使: brings events from service to service, in any order that keeps each stream's own. */
export class Messenger {
  private readonly told: Recorded[] = [];
  private readonly read = new Map<string, number>();
  private readonly deliveries: Delivery[] = [];
  private readonly delivered = new Set<string>();

  constructor(private readonly services: Readonly<Record<string, Participant>>) {}

  /** What may be delivered next: the first event of each stream that is still to be heard. */
  async next(): Promise<readonly Delivery[]> {
    const first = new Map<string, Delivery>();
    for (const each of await this.all()) {
      if (!this.delivered.has(each.key) && !first.has(each.line)) first.set(each.line, each);
    }
    return [...first.values()];
  }

  /** What was delivered before, and may be delivered again. */
  again(): readonly Delivery[] {
    return this.deliveries.filter(({ key }) => this.delivered.has(key));
  }

  /** Everything that was ever told to somebody, in the order of its log. */
  async all(): Promise<readonly Delivery[]> {
    for (const { log } of Object.values(this.services)) {
      const { origin } = log;
      const news = await log.read(this.read.get(origin) ?? 0, 1000);
      this.read.set(origin, (this.read.get(origin) ?? 0) + news.length);
      this.told.push(...news);
      this.deliveries.push(...news.flatMap((recorded) => this.deliveriesOf(recorded)));
    }
    return this.deliveries;
  }

  async deliver({ to, recorded, key }: Delivery): Promise<void> {
    await this.services[to]?.hears.get(patternOf(recorded))?.(recorded);
    this.delivered.add(key);
  }

  /**
   * What is so now: what each stream holds and what each service has heard of it, whatever order
   * the streams were written in. `names` tells ids apart that matter; all others are one, and so
   * is whatever is sealed: its text is another each time.
   */
  async state(names: ReadonlyMap<string, string>): Promise<string> {
    await this.all();
    const lines = this.told.map((recorded) => {
      const { origin, stream, version, event } = recorded;
      const heard = this.deliveriesOf(recorded).map(({ key }) => this.delivered.has(key));
      return `${origin} ${stream} ${version} ${JSON.stringify(event)} ${heard.join()}`;
    });
    return lines
      .map((line) => line.replace(UUID, (id) => names.get(id) ?? '#').replace(SEALED, '#'))
      .toSorted()
      .join('\n');
  }

  private deliveriesOf(recorded: Recorded): readonly Delivery[] {
    const { origin, position, stream } = recorded;
    return Object.entries(this.services)
      .filter(([, { hears }]) => hears.has(patternOf(recorded)))
      .map(([to]) => ({
        to,
        recorded,
        key: `${to} ${origin}@${position}`,
        line: `${to} ${origin} ${stream}`,
      }));
  }
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const SEALED = /"(?:key|box)":"[\w-]+"/g;

function patternOf({ origin, event }: Recorded): string {
  return `${origin}.${event.type}`;
}
