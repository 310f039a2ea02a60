import { mkdirSync } from 'node:fs';
import type { Mongo } from '#libs/mongo';
import { SystemClock } from '#libs/scheduler';
import { noteSigner } from '#libs/transparency';
import { LogSigner } from './log-signer.js';
import { MongoCheckpoints } from './mongo-checkpoints.js';
import { type MongoLog, type MongoLogOptions, openMongoLog } from './mongo-log.js';
import type { RecoveryEpoch } from './signed-checkpoints.js';
import { type SignedLog, SIGN_EVERY_MS, standing } from './signed-log.js';
import { openSigningKey } from './signing-key.js';

export interface SignedMongoLogOptions extends Omit<MongoLogOptions, 'committed'> {
  /** The log's name in its checkpoints: `<installation>/<service>`. */
  readonly name: string;
}

/** Where a signed log is: two databases of its own, and its key in a folder. */
export interface SignedMongoPlace {
  readonly mongo: Mongo;
  readonly database: string;
  readonly checkpoints: string;
  /** The folder of `signing.key`: what signs is not kept beside what it signs. */
  readonly dir: string;
}

export interface SignedMongoLog extends SignedLog {
  readonly log: MongoLog;
  /** Resolves when the log is read; until then it has no key and no epoch to tell of. */
  readonly opened: Promise<void>;
}

/**
 * Opens a log in MongoDB with its signing key and its checkpoints. As with a log in a folder, one
 * that does not hold what it has signed, or whose key is gone, is read-only and says why.
 */
export function openSignedMongoLog(
  place: SignedMongoPlace,
  options: SignedMongoLogOptions,
): SignedMongoLog {
  mkdirSync(place.dir, { recursive: true, mode: 0o700 });
  return new SigningMongoLog(place, options);
}

class SigningMongoLog implements SignedMongoLog {
  readonly log: MongoLog;
  readonly opened: Promise<void>;
  private readonly checkpoints: MongoCheckpoints;
  private readonly stopSigning: () => void;
  private signer: LogSigner | undefined;
  private current: RecoveryEpoch;

  constructor(
    private readonly place: SignedMongoPlace,
    private readonly options: SignedMongoLogOptions,
  ) {
    const { mongo, database, checkpoints, dir } = place;
    const { name, scheduler = new SystemClock(), now, onFault } = options;
    this.checkpoints = new MongoCheckpoints(mongo.database(checkpoints));
    const first = { epoch: 1, origin: name, size: 0, reason: null, lostNote: null };
    this.current = { ...first, vkey: '', openedAt: now() };
    const stands = this.stand(dir, name);
    this.log = openMongoLog(
      { mongo, database },
      { ...options, committed: async () => (await stands).committed },
    );
    this.opened = stands.then(async ({ fault }) => {
      if (fault !== undefined) this.log.closeForWriting(fault);
      await this.log.opened;
      // Without its key a log is read-only already; a new key would speak for it without having been.
      if (this.log.readOnly !== undefined) return;
      const signer = noteSigner(this.name, openSigningKey(dir));
      this.signer = new LogSigner(this.log, this.checkpoints, signer, this.epoch);
    });
    this.opened.catch(() => undefined);
    this.stopSigning = scheduler.every(
      SIGN_EVERY_MS,
      () => void this.sign().catch((error: unknown) => onFault?.(error)),
    );
  }

  get name(): string {
    return this.current.origin;
  }

  get epoch(): number {
    return this.current.epoch;
  }

  get vkey(): string {
    return this.current.vkey;
  }

  checkpoint(): string | undefined {
    const newest = this.checkpoints.newest();
    return newest?.epoch === this.epoch ? newest.note : undefined;
  }

  async sign(): Promise<void> {
    if (!this.log.leads || this.log.readOnly !== undefined) return this.follow();
    // Whoever holds a checkpoint asks for the tiles over it.
    await this.log.tilesSaved();
    await this.signer?.sign();
  }

  async close(): Promise<void> {
    this.stopSigning();
    await this.opened.catch(() => undefined);
    await this.log.drain();
    await this.sign().catch((error: unknown) => this.options.onFault?.(error));
    await this.log.close();
  }

  /** Shows what the process has signed that signs. */
  private async follow(): Promise<void> {
    await this.log.tryToLead();
    await this.checkpoints.refresh();
  }

  private async stand(dir: string, name: string): Promise<ReturnType<typeof standing>> {
    await this.options.after;
    await this.checkpoints.open();
    if (this.checkpoints.epochs().length === 0) {
      const { vkey } = noteSigner(name, openSigningKey(dir));
      await this.checkpoints.openEpoch({ ...this.current, vkey });
    }
    this.current = this.checkpoints.epochs().at(-1) ?? this.current;
    return standing(dir, this.checkpoints, this.current, name);
  }
}
