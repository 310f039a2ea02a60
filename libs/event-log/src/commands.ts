import { createHash } from 'node:crypto';
import { sealedIn } from '#libs/contracts';
import {
  type Aggregate,
  type Decision,
  type DomainEvent,
  isRefusal,
  type Recorded,
  refuse,
  type Refusal,
} from '#libs/event';
import type { CommitOutcome, EventLog, KnownCommand } from './event-log.js';
import { CommandConflict } from './faults.js';

const TRIES = 3;

/** 请求指纹: tells requests of one command id apart without keeping what they say. */
export interface RequestFingerprints {
  /**
   * 16 bytes in base64url, under the keys of all subjects that the request told of, so that
   * nobody can try guesses against it once one of them was erased.
   *
   * @returns undefined when one of these keys was destroyed: the request can't be told from another
   */
  of(request: string, subjects: readonly string[]): string | undefined;
}

/** Fingerprints without a key, for logs that hold nobody's data. */
export const plainFingerprints: RequestFingerprints = {
  of: (request) =>
    createHash('sha256').update(request).digest().subarray(0, 16).toString('base64url'),
};

/** Who asks for what, and under which id it may be repeated safely. */
export interface CommandMeta {
  readonly commandId: string;
  readonly actor: string;
  /** The command's name and input: the same id with another request is refused. */
  readonly request: unknown;
  /** `ORIGIN@POSITION` of the event that a reaction answers. */
  readonly cause?: string;
}

/** What a command has led to; `events` is empty when there was nothing to do. */
export interface Done {
  readonly status: 'done';
  readonly position: number;
  readonly events: readonly Recorded[];
}

/** One stream as a command read it. */
export interface Loaded<State> {
  readonly stream: string;
  readonly version: number;
  readonly state: State;
}

/** 一次处理: the streams that one command reads and writes; they must not change meanwhile. */
export interface Streams {
  load<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    id: string,
  ): Promise<Loaded<State>>;
  /** Keeps a decision's events for the commit, or hands its refusal back. */
  record<Event extends DomainEvent, Code extends string>(
    loaded: Loaded<unknown>,
    decision: Decision<Event, Code>,
  ): Refusal<Code> | undefined;
}

/** Loads, decides and appends; what was read is checked again at the commit. */
export class Commands {
  constructor(
    private readonly log: EventLog,
    private readonly fingerprints: RequestFingerprints = plainFingerprints,
  ) {}

  /**
   * Runs `work` and commits what it recorded. A command id that was committed before answers with
   * what it led to then, or refuses when it stood for another request.
   *
   * @throws CommandConflict when the streams changed under each of three tries
   */
  async execute<Code extends string>(
    meta: CommandMeta,
    work: (streams: Streams) => Promise<Refusal<Code> | undefined>,
  ): Promise<Done | Refusal<Code | 'CommandIdReused'>> {
    const { request, ...asked } = meta;
    const text = JSON.stringify(request);
    const before = await this.known(meta, text);
    if (before !== undefined) return before;
    let conflict = '';
    for (let tries = 0; tries < TRIES; tries += 1) {
      const unit = new UnitOfWork(this.log);
      const refusal = await work(unit);
      if (refusal !== undefined || unit.isEmpty()) {
        // What it found may be its own effect: the same command, committed meanwhile.
        const meanwhile = await this.known(meta, text);
        return meanwhile ?? refusal ?? this.unchanged();
      }
      const commit = unit.commit();
      const fingerprint = this.fingerprint(text, commit.writes);
      const outcome = await this.log.append({ ...asked, fingerprint, ...commit });
      if (outcome.status !== 'conflict') return this.answer(outcome, text);
      conflict = outcome.stream;
    }
    throw new CommandConflict(conflict, TRIES);
  }

  /** The state of one stream now, outside any command. */
  async read<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    id: string,
  ): Promise<State> {
    return (await new UnitOfWork(this.log).load(aggregate, id)).state;
  }

  private async answer(
    outcome: Exclude<CommitOutcome, { status: 'conflict' }>,
    request: string,
  ): Promise<Done | Refusal<'CommandIdReused'>> {
    if (outcome.status === 'known') return this.repeat(outcome.known, request);
    return this.done(outcome.first, outcome.count);
  }

  private async known(
    { actor, commandId }: CommandMeta,
    request: string,
  ): Promise<Done | Refusal<'CommandIdReused'> | undefined> {
    const known = await this.log.command(actor, commandId);
    return known && this.repeat(known, request);
  }

  private async repeat(
    known: KnownCommand,
    request: string,
  ): Promise<Done | Refusal<'CommandIdReused'>> {
    const done = await this.done(known.first, known.count);
    const asked = this.fingerprints.of(request, subjectsIn(done.events));
    // Once a person was erased, nobody can tell what was asked for then; it was done.
    return asked === undefined || asked === known.fingerprint ? done : refuse('CommandIdReused');
  }

  private fingerprint(request: string, writes: unknown): string {
    const fingerprint = this.fingerprints.of(request, subjectsIn(writes));
    if (fingerprint !== undefined) return fingerprint;
    throw new Error('the key of somebody in this command was destroyed while it was carried out');
  }

  private async done(first: number, count: number): Promise<Done> {
    const events = await this.log.read(first, count);
    return { status: 'done', position: first + count - 1, events };
  }

  private async unchanged(): Promise<Done> {
    return { status: 'done', position: (await this.log.head()) - 1, events: [] };
  }
}

class UnitOfWork implements Streams {
  private readonly loaded = new Map<string, Loaded<unknown>>();
  private readonly writes = new Map<string, DomainEvent[]>();

  constructor(private readonly log: EventLog) {}

  async load<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    id: string,
  ): Promise<Loaded<State>> {
    const stream = `${aggregate.category}-${id}`;
    const known = this.loaded.get(stream);
    if (known !== undefined) return known as Loaded<State>;
    const events = await this.log.streamEvents(stream);
    const state = events.reduce(
      (state, event) => aggregate.evolve(state, event as Event),
      aggregate.initial,
    );
    const loaded = { stream, version: events.length, state };
    this.loaded.set(stream, loaded);
    return loaded;
  }

  record<Event extends DomainEvent, Code extends string>(
    loaded: Loaded<unknown>,
    decision: Decision<Event, Code>,
  ): Refusal<Code> | undefined {
    if (isRefusal(decision)) return decision;
    if (decision.length === 0) return undefined;
    this.writes.set(loaded.stream, [...(this.writes.get(loaded.stream) ?? []), ...decision]);
    return undefined;
  }

  isEmpty(): boolean {
    return this.writes.size === 0;
  }

  commit() {
    return {
      reads: [...this.loaded.values()].map(({ stream, version }) => ({ stream, version })),
      writes: [...this.writes].map(([stream, events]) => ({ stream, events })),
    };
  }
}

/** Whose data the events carry, in their order, each once. */
/** Sorted: an event that was stored has its fields in the order of its schema. */
function subjectsIn(events: unknown): readonly string[] {
  return [...new Set(sealedIn(events).map(({ subject }) => subject))].sort();
}
