import type { Aggregate } from './aggregate.js';
import { type Decision, isRefusal } from './decision.js';
import type { DomainEvent } from './event.js';

/** A stream that holds some events, so that a spec reads as a rule: given, when, then. */
export interface Given<State, Event extends DomainEvent> {
  readonly state: State;
  /** Decides a command on that state; `context` is what else the decider reads. */
  when<Command, Context extends readonly unknown[], Code extends string>(
    decide: (command: Command, state: State, ...context: Context) => Decision<Event, Code>,
    command: NoInfer<Command>,
    ...context: NoInfer<Context>
  ): Decided<State, Event, Code>;
}

/** What came of a command, and the stream after it: a refusal leaves it as it was. */
export interface Decided<State, Event extends DomainEvent, Code extends string> extends Given<
  State,
  Event
> {
  readonly then: Decision<Event, Code>;
}

export function given<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  events: readonly NoInfer<Event>[],
): Given<State, Event> {
  const state = events.reduce(
    (before, event) => aggregate.evolve(before, event),
    aggregate.initial,
  );
  return {
    state,
    when: (decide, command, ...context) => {
      const then = decide(command, state, ...context);
      const after = isRefusal(then) ? events : [...events, ...then];
      return { ...given(aggregate, after), then };
    },
  };
}
