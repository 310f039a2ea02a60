/** What is parked, as operators see it: where it stands and why, never what it says. */
export interface ParkedItem {
  /** Names it among what this service has parked. */
  readonly id: string;
  /** `Reaction.method`, or `view:NAME`. */
  readonly handler: string;
  readonly origin: string;
  readonly stream: string;
  readonly position: number;
  readonly type: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly since: string;
  readonly attempts: number;
  /** How many later events of the stream queue behind it. */
  readonly queued: number;
}

/** What came of a try: how many events went on, and why the next one did not. */
export interface Retried {
  readonly done: number;
  readonly failure?: string;
}

/** 搁置之事: deliveries that operators may try again or pass over, whoever has parked them. */
export interface ParkedWork {
  list(): Promise<readonly ParkedItem[]>;
  /** Tries what is parked, then what queues behind it, until one fails or none is left. */
  retry(id: string): Promise<Retried>;
  /**
   * Passes over what is parked once `record` has made that an event, then goes on with what queues
   * behind it. Recorded but cut short, it is passed over at the next start.
   */
  passOver(id: string, record: (item: ParkedItem) => Promise<void>): Promise<Retried>;
}

/** Nothing is parked under that id, or somebody else is at it now. */
export class NotParked extends Error {
  readonly code = 'NOT_PARKED';
}
