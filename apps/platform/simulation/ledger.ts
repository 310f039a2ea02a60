import { isRefusal, type Recorded, type Refusal } from '#libs/event';
import type { Done } from '#libs/event-log';
import { type Asked, SERVICE_OF } from './commands.js';

/** A command that was acknowledged, and what its answer said. */
export interface Acknowledged {
  readonly asked: Asked;
  readonly service: string;
  /** Of its first event. */
  readonly position: number;
  readonly count: number;
  /** When it was decided, as the service's clock had it. */
  readonly at: string;
  /** The id of what it made or changed. */
  readonly id: string;
  /** Ids that were made for persons: of the parties, or of a holder. */
  readonly persons: readonly string[];
}

/** 台账: what the office has sent and what it was told, which is all that it can rely on. */
export class Ledger {
  readonly acknowledged: Acknowledged[] = [];
  /** Sent, but nobody knows whether it was done. */
  readonly unanswered: Asked[] = [];
  readonly contradictions: string[] = [];
  refused = 0;
  private readonly known = new Map<string, Acknowledged>();

  /** @returns what is new to the office, if it is */
  answered(asked: Asked, outcome: Done | Refusal): Acknowledged | undefined {
    const before = this.known.get(asked.commandId);
    if (isRefusal(outcome)) {
      this.refused += 1;
      if (before !== undefined) this.contradict(before, `refused: ${outcome.refused}`);
      return undefined;
    }
    const [first] = outcome.events;
    if (first === undefined) {
      if (before !== undefined) this.contradict(before, 'nothing was done');
      return undefined;
    }
    if (before !== undefined) {
      if (before.position !== first.position) this.contradict(before, `at ${first.position}`);
      return undefined;
    }
    return this.note(asked, outcome, first);
  }

  private note(asked: Asked, { events }: Done, first: Recorded): Acknowledged {
    const { stream, position, event } = first;
    const acknowledged = {
      asked,
      service: SERVICE_OF[asked.name],
      position,
      count: events.length,
      at: 'at' in event ? String(event.at) : first.recordedAt,
      id: stream.slice(stream.indexOf('-') + 1),
      persons: personsIn(event),
    };
    this.known.set(asked.commandId, acknowledged);
    this.acknowledged.push(acknowledged);
    return acknowledged;
  }

  private contradict({ asked, position }: Acknowledged, now: string): void {
    const was = `${asked.name} ${asked.commandId} was acknowledged at ${position}`;
    this.contradictions.push(`${was}; repeated, it is ${now}`);
  }
}

function personsIn(event: object): readonly string[] {
  if ('holder' in event) return [String(event.holder)];
  if (!('parties' in event)) return [];
  return (event.parties as readonly { readonly party: string }[]).map(({ party }) => party);
}
