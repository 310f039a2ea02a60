import type { EventLog } from '#libs/event-log';
import type { Scheduler } from '#libs/scheduler';
import type { Broker, Outgoing } from './broker.js';
import { cloudEventOf, type Publisher } from './cloud-event.js';
import { eventMessage, progressMessage } from './cloud-message.js';
import { MessageCode } from './message-code.js';
import type { RelayHold, RelayLease, RelayState } from './relay-state.js';

const BATCH = 500;
/** A broker takes 1 MiB at once by default; headers need some of it. */
const BATCH_BYTES = 600_000;
/** What a message needs beside its data, about. */
const HEADER_BYTES = 600;
const PROGRESS_EVERY_MS = 50;
const TAKE_OVER_EVERY_MS = 1_000;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 2_000;

export interface RelayOptions extends Publisher {
  readonly log: Pick<EventLog, 'head' | 'entries' | 'onAppended'>;
  readonly broker: Broker;
  readonly topic: string;
  readonly partitions: number;
  /** What those who read share with it: by its code they know a message of this relay. */
  readonly codeKey: Uint8Array;
  readonly lease: RelayLease;
  readonly scheduler: Scheduler;
  /** Hears that nothing can be sent; it is tried again. */
  readonly onFault: (error: unknown) => void;
}

/** Messages that are ready, and the state once they are acknowledged. */
interface Batch {
  readonly messages: readonly Outgoing[];
  readonly state: RelayState;
}

/**
 * 接力: sends what a log publishes to its topic, in its order, at least once. The checkpoint is saved
 * after the broker has acknowledged. A relay that was asleep and has lost its lease may send once
 * more what it had in hand: whoever follows knows these positions already and leaves them out, and
 * its checkpoint is refused, upon which it ends.
 */
export class Relay {
  private readonly stopping = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private toldAt = -Infinity;
  private toldHead = -1;

  private readonly code: MessageCode;

  constructor(private readonly options: RelayOptions) {
    this.code = new MessageCode(options.codeKey, options);
  }

  start(): void {
    this.done = this.run();
  }

  /** Ends after what is being sent. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.done;
  }

  private async run(): Promise<void> {
    const { scheduler, onFault } = this.options;
    let pauseMs = RETRY_FIRST_MS;
    while (!this.stopping.signal.aborted) {
      try {
        await this.holdAndSend(() => (pauseMs = RETRY_FIRST_MS));
      } catch (error) {
        onFault(error);
      }
      await scheduler.sleep(pauseMs, this.stopping.signal);
      pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
    }
  }

  private async holdAndSend(onSent: () => void): Promise<void> {
    const { lease, scheduler } = this.options;
    const hold = await lease.tryToHold();
    if (hold === undefined) {
      await scheduler.sleep(TAKE_OVER_EVERY_MS, this.stopping.signal);
      return;
    }
    const unsubscribe = this.options.log.onAppended(() => this.wake());
    try {
      await this.sendAll(hold, onSent);
    } finally {
      unsubscribe();
      await hold.release();
    }
  }

  private async sendAll(hold: RelayHold, onSent: () => void): Promise<void> {
    const { broker, topic } = this.options;
    await broker.openTopic(topic);
    // What was told last may not have come: who follows would wait until the head moves again.
    this.toldHead = -1;
    let state = await this.begin(hold);
    let ahead: Promise<Batch> | undefined;
    while (!this.stopping.signal.aborted) {
      // Set before reading, so that an append between the reading and the wait is not missed.
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const batch = await (ahead ?? this.next(state));
      ahead = undefined;
      const messages = [...batch.messages, ...this.progress(batch.state)];
      const isFull = batch.state.position - state.position >= BATCH;
      if (messages.length > 0) {
        const sent = broker.send(topic, messages);
        // The next ones are made while these are on their way.
        if (isFull) ahead = this.next(batch.state);
        ahead?.catch(() => undefined);
        await sent;
        onSent();
      }
      const isNew = batch.state.position > state.position;
      state = batch.state;
      if (isNew && !(await hold.save(state))) return;
      if (!isNew) await this.rest(woken, state);
    }
  }

  /** Where the log was sent to; that of an older log says nothing of this one. */
  private async begin(hold: RelayHold): Promise<RelayState> {
    const { source, partitions, log } = this.options;
    const before = await hold.load();
    const none = Array.from({ length: partitions }, () => -1);
    if (before === undefined) return { source, position: 0, last: -1, previous: none };
    const isSame = before.source === source && before.previous.length === partitions;
    // What was lost is given again, under the new name; whoever follows asks the origin for it.
    if (!isSame || before.position > (await log.head())) {
      return { source, position: 0, last: -1, previous: none };
    }
    return before;
  }

  private async next(state: RelayState): Promise<Batch> {
    const { log, broker, topic } = this.options;
    const entries = await log.entries(state.position, BATCH);
    const messages: Outgoing[] = [];
    const previous = [...state.previous];
    let { position, last } = state;
    let bytes = 0;
    for (const entry of entries) {
      const event = cloudEventOf(this.options, position, entry);
      if (event !== undefined) {
        bytes += Buffer.byteLength(event.data) + HEADER_BYTES;
        if (bytes > BATCH_BYTES && messages.length > 0) break;
        const partition = broker.partitionOf(topic, event.stream);
        const place = { partition, after: last, previous: previous[partition] ?? -1 };
        messages.push(this.code.sign(eventMessage(event, place)));
        previous[partition] = last = position;
      }
      position += 1;
    }
    return { messages, state: { ...state, position, last, previous } };
  }

  /** Once the head has moved, but not too often. */
  private progress({ position, last, previous }: RelayState): readonly Outgoing[] {
    const { origin, source, scheduler } = this.options;
    const now = scheduler.elapsedMs();
    if (position === this.toldHead || now - this.toldAt < PROGRESS_EVERY_MS) return [];
    this.toldHead = position;
    this.toldAt = now;
    const told = { origin, source, head: position, time: scheduler.now() };
    return previous.map((sent, partition) =>
      this.code.sign(progressMessage(told, { partition, after: last, previous: sent })),
    );
  }

  /** Until something is appended, or progress is due. */
  private async rest(woken: Promise<void>, { position }: RelayState): Promise<void> {
    if (position === this.toldHead) return woken;
    const { scheduler } = this.options;
    const due = new AbortController();
    const left = PROGRESS_EVERY_MS - (scheduler.elapsedMs() - this.toldAt);
    await Promise.race([woken, scheduler.sleep(Math.max(left, 1), due.signal)]);
    due.abort();
  }
}
