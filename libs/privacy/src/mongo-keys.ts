import { isDuplicate, type MongoCollection, type MongoDatabase } from '#libs/mongo';
import { KeyConflict, KeysUnreadable, SubjectErased } from './faults.js';
import { randomOf } from './random-pool.js';
import type { FoundKey, SubjectKeys } from './subject-keys.js';
import { KEY_BYTES } from './suite.js';

const FORMAT = 1;
const PAGE = 10_000;

export interface KeyDocument {
  readonly _id: string;
  /** Null once it was destroyed. */
  readonly key: Uint8Array | null;
  readonly destroyedAt: string | null;
}

export interface OwnDocument {
  readonly _id: string;
  readonly key: Uint8Array;
  readonly format: number;
}

/** The same keys, where writing them takes a while: whoever needs them durable waits for it. */
export interface MongoSubjectKeys extends Omit<SubjectKeys, 'flush' | 'destroy'> {
  /** Resolves when the keys are read; until then there are none to ask for. */
  readonly opened: Promise<void>;
  flush(): Promise<void>;
  /** Whoever erases somebody waits for this: before it resolves, a crash may undo it. */
  destroy(subject: string): Promise<void>;
}

/**
 * Keys in a database of their own. All of them are held in memory, about 200 bytes each, so that
 * sealing and opening wait for no server; one process writes them.
 *
 * @param after awaited before they are read: another process may be destroying keys until then
 */
export function openMongoKeys(
  database: MongoDatabase,
  now: () => string,
  after?: Promise<void>,
): MongoSubjectKeys {
  return new MongoKeys(database, now, after);
}

class MongoKeys implements MongoSubjectKeys {
  readonly opened: Promise<void>;
  private readonly stored: MongoCollection<KeyDocument>;
  private readonly own: MongoCollection<OwnDocument>;
  private readonly known = new Map<string, Buffer | 'destroyed'>();
  /** Made here and not yet on the server. */
  private readonly fresh = new Map<string, Buffer>();
  private ownKey: Buffer | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private conflict: KeyConflict | undefined;

  constructor(
    database: MongoDatabase,
    private readonly now: () => string,
    after?: Promise<void>,
  ) {
    this.stored = database.collection<KeyDocument>('subject_keys');
    this.own = database.collection<OwnDocument>('log_key');
    this.opened = this.open(after);
    this.opened.catch(() => undefined);
  }

  get logKey(): Buffer {
    if (this.ownKey !== undefined) return this.ownKey;
    throw new KeysUnreadable('the keys are not read yet');
  }

  find(subject: string): FoundKey {
    return this.fresh.get(subject) ?? this.known.get(subject);
  }

  obtain(subject: string): Buffer {
    const found = this.find(subject);
    if (found === 'destroyed') throw new SubjectErased();
    const key = found ?? randomOf(KEY_BYTES);
    if (found === undefined) this.fresh.set(subject, key);
    return key;
  }

  flush(): Promise<void> {
    const flushed = this.flushing.then(() => this.flushNow());
    this.flushing = flushed.catch(() => undefined);
    return flushed;
  }

  destroy(subject: string): Promise<void> {
    // From this moment on, whatever becomes of the rest.
    this.fresh.delete(subject);
    this.known.set(subject, 'destroyed');
    const destroyed = this.flushing.then(() => this.destroyStored(subject));
    this.flushing = destroyed.catch(() => undefined);
    return destroyed;
  }

  close(): void {
    this.fresh.clear();
    this.known.clear();
  }

  private async open(after?: Promise<void>): Promise<void> {
    await after;
    const own = (await this.own.findOne({ _id: 'log' })) ?? (await this.begin());
    if (own.format > FORMAT) {
      throw new KeysUnreadable(
        `the keys have store format ${own.format}, this version reads ${FORMAT}: ` +
          'run the version that wrote them',
      );
    }
    this.ownKey = Buffer.from(own.key);
    for await (const { _id, key } of this.stored.find().batchSize(PAGE)) {
      this.known.set(_id, key === null ? 'destroyed' : Buffer.from(key));
    }
  }

  private async begin(): Promise<OwnDocument> {
    const made = { _id: 'log', key: randomOf(KEY_BYTES), format: FORMAT };
    try {
      await this.own.insertOne(made);
      return made;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const found = await this.own.findOne({ _id: 'log' });
      // Never the one made here: what was written with it could not be told again.
      if (found === null) throw error;
      return found;
    }
  }

  private async destroyStored(subject: string): Promise<void> {
    const gone = { $set: { key: null, destroyedAt: this.now() } };
    const destroy = () => this.stored.updateOne({ _id: subject }, gone, { upsert: true });
    // Of two that add the same document at once one is refused, and then finds it there.
    await destroy().catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
      return destroy();
    });
  }

  private async flushNow(): Promise<void> {
    if (this.conflict !== undefined) throw this.conflict;
    const made = [...this.fresh];
    if (made.length === 0) return;
    await this.storeAll(made);
    for (const [subject, key] of made) {
      // One may have been destroyed meanwhile.
      if (this.fresh.delete(subject)) this.known.set(subject, key);
    }
  }

  /** In one request, or else one by one, to see which of them is there already. */
  private async storeAll(made: readonly (readonly [string, Buffer])[]): Promise<void> {
    const documents = made.map(([subject, key]) => ({ _id: subject, key, destroyedAt: null }));
    try {
      await this.stored.insertMany(documents, { ordered: true });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      for (const [subject, key] of made) await this.store(subject, key);
    }
  }

  private async store(subject: string, key: Buffer): Promise<void> {
    try {
      await this.stored.insertOne({ _id: subject, key, destroyedAt: null });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // What did not answer the last time may have been stored nevertheless.
      const found = await this.stored.findOne({ _id: subject });
      // It is on its way to the majority: the next flush looks again.
      if (found === null) throw error;
      if (found.key !== null && key.equals(found.key)) return;
      this.conflict = new KeyConflict();
      throw this.conflict;
    }
  }
}
