/** 事件: a fact that a decision produced, named in the past tense. */
export interface DomainEvent {
  readonly type: string;
}

/** 记录: an event as its log keeps it, with where, when and by whom it was recorded. */
export interface Recorded<Event extends DomainEvent = DomainEvent> {
  /** The service whose log holds the event. */
  readonly origin: string;
  /** Commit order within the origin, from 0, without gaps. */
  readonly position: number;
  readonly stream: string;
  /** Place within the stream, from 0. */
  readonly version: number;
  /** RFC 3339, UTC, milliseconds; never decreases within a log. */
  readonly recordedAt: string;
  /** The subject of the verified token, or `service:NAME` for a reaction. */
  readonly actor: string;
  readonly commandId: string;
  /** `ORIGIN@POSITION` of the event that a reaction answered. */
  readonly cause?: string;
  readonly event: Event;
}
