import { isDuplicate, type MongoCollection, type MongoDatabase } from '#libs/mongo';
import { UnknownFormat } from './faults.js';
import type { RecoveryEpoch, SignedCheckpoint } from './signed-checkpoints.js';

const FORMAT = 1;

interface StoredCheckpoint extends SignedCheckpoint {
  readonly _id: string;
}

interface StoredEpoch extends RecoveryEpoch {
  readonly _id: number;
}

interface About {
  readonly _id: string;
  readonly format: number;
}

/**
 * What a log has signed, in a database of its own, so that a log that is put back to an older state
 * does not take its memory of having been longer with it. The newest note is kept in memory.
 */
export class MongoCheckpoints {
  private readonly notes: MongoCollection<StoredCheckpoint>;
  private readonly opened: MongoCollection<StoredEpoch>;
  private readonly about: MongoCollection<About>;
  private last: SignedCheckpoint | undefined;
  private known: readonly RecoveryEpoch[] = [];

  constructor(readonly database: MongoDatabase) {
    this.notes = database.collection<StoredCheckpoint>('checkpoints');
    this.opened = database.collection<StoredEpoch>('epochs');
    this.about = database.collection<About>('about');
  }

  /**
   * Reads them, and writes nothing.
   *
   * @throws UnknownFormat when a newer version wrote them
   */
  async open(): Promise<void> {
    const about = await this.about.findOne({ _id: 'checkpoints' });
    if ((about?.format ?? 0) > FORMAT) {
      throw new UnknownFormat(`checkpoints of format ${about?.format}`, FORMAT);
    }
    await this.refresh();
  }

  /** Another process may have signed since. */
  async refresh(): Promise<void> {
    const epochs = await this.opened.find().sort({ _id: 1 }).toArray();
    this.known = epochs.map(({ _id, ...epoch }) => epoch);
    const [newest] = await this.notes.find().sort({ _id: -1 }).limit(1).toArray();
    if (newest === undefined) return;
    const { epoch, size, note } = newest;
    this.last = { epoch, size, note };
  }

  newest(): SignedCheckpoint | undefined {
    return this.last;
  }

  epochs(): readonly RecoveryEpoch[] {
    return this.known;
  }

  /** All of them, oldest first. */
  async all(): Promise<readonly SignedCheckpoint[]> {
    const notes = await this.notes.find().sort({ _id: 1 }).toArray();
    return notes.map(({ epoch, size, note }) => ({ epoch, size, note }));
  }

  async add(checkpoint: SignedCheckpoint): Promise<void> {
    const { epoch, size } = checkpoint;
    await insertOnce(this.notes, { _id: nameOf(epoch, size), ...checkpoint });
    const isNewer = epoch > (this.last?.epoch ?? 0) || size > (this.last?.size ?? -1);
    if (isNewer) this.last = checkpoint;
  }

  async openEpoch(epoch: RecoveryEpoch): Promise<void> {
    await insertOnce(this.about, { _id: 'checkpoints', format: FORMAT });
    await insertOnce(this.opened, { _id: epoch.epoch, ...epoch });
    await this.refresh();
  }
}

/** In the order of epochs, then sizes: texts are ordered by their characters. */
function nameOf(epoch: number, size: number): string {
  return `${String(epoch).padStart(6, '0')}/${String(size).padStart(16, '0')}`;
}

/** What is there already stays: somebody else was first. */
async function insertOnce<Stored extends { readonly _id: string | number }>(
  collection: MongoCollection<Stored>,
  stored: Stored,
): Promise<void> {
  try {
    await collection.insertOne(stored as never);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
