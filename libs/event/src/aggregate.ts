import type { DomainEvent } from './event.js';

/** 聚合: the streams of one kind, and how their events fold into a state. */
export interface Aggregate<State, Event extends DomainEvent> {
  /** A stream is named `CATEGORY-ID`. */
  readonly category: string;
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
}
