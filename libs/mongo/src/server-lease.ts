import { randomUUID } from 'node:crypto';
import type { Cancel, Scheduler } from '#libs/scheduler';
import type { Mongo, MongoCollection, MongoDatabase } from './connection.js';
import { isDuplicate } from './server-errors.js';

/** How long a lease holds without being renewed, and how often it is. */
const TERM_MS = 6_000;
const RENEWED_MS = 1_500;
/** Before it ends for others it ends for its holder: clocks run a little apart. */
const MARGIN_MS = 1_000;

interface LeaseDocument {
  readonly _id: string;
  /** Counts the holders, and never restarts: what an old one writes can be told by it. */
  readonly epoch: number;
  readonly holder: string;
  readonly untilMs: number;
}

/** The lease ran out, since the server was away or this process was asleep. */
export class LeaseNotHeld extends Error {
  readonly code = 'LEASE_NOT_HELD';
  constructor(name: string) {
    super(`the lease of ${name} is not held now: nothing is written until it is`);
  }
}

/**
 * 租约: of several processes one does what only one should. It ends by the server's clock, so that
 * a holder that sleeps or is cut off loses it; `isHeld` goes by how long ago it was renewed. It is
 * an order, not a lock: correctness must rest on something else.
 */
export class ServerLease {
  private readonly holder = randomUUID();
  private readonly leases: MongoCollection<LeaseDocument>;
  private readonly stopRenewing: Cancel;
  private heldUntilMs = -Infinity;
  private trying: Promise<boolean> | undefined;
  private held = 0;
  private seen = 0;

  constructor(
    private readonly mongo: Pick<Mongo, 'serverTimeMs'>,
    database: MongoDatabase,
    private readonly options: {
      readonly name: string;
      readonly scheduler: Scheduler;
      readonly onFault?: (error: unknown) => void;
    },
  ) {
    this.leases = database.collection<LeaseDocument>('leases');
    this.stopRenewing = options.scheduler.every(RENEWED_MS, () => {
      void this.tryToHold().catch((error: unknown) => this.options.onFault?.(error));
    });
  }

  get isHeld(): boolean {
    return !this.isLost && this.options.scheduler.elapsedMs() < this.heldUntilMs;
  }

  /**
   * Before a write that only the holder may do. Who was asleep asks first whether it still is.
   *
   * @throws LeaseNotHeld
   */
  async mustHold(): Promise<void> {
    if (this.isHeld || (await this.tryToHold())) return;
    throw new LeaseNotHeld(this.options.name);
  }

  /** The number of the holding, if it is held; from then on nobody holds it under the same. */
  get epoch(): number {
    return this.held;
  }

  /** Whether another has held it since this process did: what this one knows may be old. */
  get isLost(): boolean {
    return this.held > 0 && this.seen > this.held;
  }

  /** Takes the lease or renews it; once it was lost, never again. */
  tryToHold(): Promise<boolean> {
    this.trying ??= this.tryNow().finally(() => {
      this.trying = undefined;
    });
    return this.trying;
  }

  async release(): Promise<void> {
    this.stopRenewing();
    await this.trying?.catch(() => undefined);
    const wasHeld = this.isHeld;
    this.heldUntilMs = -Infinity;
    if (!wasHeld) return;
    const mine = { _id: this.options.name, epoch: this.held, holder: this.holder };
    await this.leases.updateOne(mine, { $set: { untilMs: 0 } });
  }

  private async tryNow(): Promise<boolean> {
    // From before the question on: an answer that took long has used up the term.
    const askedMs = this.options.scheduler.elapsedMs();
    const nowMs = await this.mongo.serverTimeMs();
    const epoch = await this.epochNow(nowMs);
    if (epoch !== undefined) {
      this.held = epoch;
      this.heldUntilMs = askedMs + TERM_MS - MARGIN_MS;
    }
    return this.isHeld;
  }

  /** The epoch in which this process holds it; undefined when another does. */
  private async epochNow(nowMs: number): Promise<number | undefined> {
    const { name } = this.options;
    const untilMs = nowMs + TERM_MS;
    const found = await this.leases.findOne({ _id: name });
    if (found === null) return this.first(untilMs);
    this.seen = found.epoch;
    if (this.isLost) return undefined;
    const isMine = found.holder === this.holder;
    if (!isMine && found.untilMs > nowMs) return undefined;
    const epoch = isMine ? found.epoch : found.epoch + 1;
    const asFound = { _id: name, epoch: found.epoch, holder: found.holder, untilMs: found.untilMs };
    const change = { $set: { epoch, holder: this.holder, untilMs } };
    const { matchedCount } = await this.leases.updateOne(asFound, change);
    return matchedCount === 1 ? epoch : undefined;
  }

  private async first(untilMs: number): Promise<number | undefined> {
    try {
      const { name: _id } = this.options;
      await this.leases.insertOne({ _id, epoch: 1, holder: this.holder, untilMs });
      return 1;
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }
}
