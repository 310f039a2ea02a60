import { createHash } from 'node:crypto';
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
  constructor(private readonly log: EventLog) {}

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
    const requestHash = hashOf(request);
    const before = await this.known(meta, requestHash);
    if (before !== undefined) return before;
    let conflict = '';
    for (let tries = 0; tries < TRIES; tries += 1) {
      const unit = new UnitOfWork(this.log);
      const refusal = await work(unit);
      if (refusal !== undefined || unit.isEmpty()) {
        // What it found may be its own effect: the same command, committed meanwhile.
        const meanwhile = await this.known(meta, requestHash);
        return meanwhile ?? refusal ?? this.unchanged();
      }
      const outcome = await this.log.append({ ...asked, requestHash, ...unit.commit() });
      if (outcome.status !== 'conflict') return this.answer(outcome, requestHash);
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
    requestHash: string,
  ): Promise<Done | Refusal<'CommandIdReused'>> {
    if (outcome.status === 'known') return this.repeat(outcome.known, requestHash);
    return this.done(outcome.first, outcome.count);
  }

  private async known(
    { actor, commandId }: CommandMeta,
    requestHash: string,
  ): Promise<Done | Refusal<'CommandIdReused'> | undefined> {
    const known = await this.log.command(actor, commandId);
    return known && this.repeat(known, requestHash);
  }

  private async repeat(
    known: KnownCommand,
    requestHash: string,
  ): Promise<Done | Refusal<'CommandIdReused'>> {
    if (known.requestHash !== requestHash) return refuse('CommandIdReused');
    return this.done(known.first, known.count);
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
    const events = await this.log.readStream(stream);
    const state = events.reduce(
      (state, { event }) => aggregate.evolve(state, event as Event),
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

function hashOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
