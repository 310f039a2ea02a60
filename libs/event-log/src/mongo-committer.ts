import { randomUUID } from 'node:crypto';
import { isServerFault } from '#libs/mongo';
import type { Scheduler } from '#libs/scheduler';
import type { CompletedTile } from '#libs/transparency';
import { BatchPlan, type PlannedCommit } from './batch-plan.js';
import { LogBusy, LogDamaged, LogOutcomeUnknown } from './faults.js';
import { commitDocument, type MongoLogFile, type StoredCommit } from './mongo-log-file.js';
import type { MongoState } from './mongo-state.js';
import type { MongoTree } from './mongo-tree.js';
import type { WaitingCommit } from './waiting-commits.js';

export interface CommitterOptions {
  readonly origin: string;
  readonly now: () => string;
  readonly scheduler: Scheduler;
  readonly beforeCommit?: () => void | Promise<void>;
}

/** How long the same commits are sent again while the server does not say what became of them. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 100;
/** Others may be first each time; a writer that loses so often is one of too many. */
const TRIES_MAX = 100;
const JITTER_MS = 20;
const RETRY_AFTER_MS = 500;
const PAGE = 500;

/** Takes in the commits that others have made since; answers with the tiles that they complete. */
export async function takeInNewer(
  file: MongoLogFile,
  memory: MongoState,
): Promise<readonly CompletedTile[]> {
  const tiles: CompletedTile[] = [];
  for (;;) {
    const commits = await file.from(memory.number, PAGE);
    for (const commit of commits) tiles.push(...memory.absorb(commit));
    if (commits.length < PAGE) return tiles;
  }
}

/**
 * Commits what waits, on top of what is known to stay: each command is a document, and the number of
 * a document is taken once, whoever comes first. Several go in one ordered request, in which each is
 * stored before the next, so that a number never stands without the one before it.
 */
export class MongoCommitter {
  private readonly writer = randomUUID();

  constructor(
    private readonly file: MongoLogFile,
    private readonly tree: MongoTree,
    private readonly options: CommitterOptions,
  ) {}

  /**
   * Answers every commit of the batch.
   *
   * @param mustGoOn throws when nothing may be recorded any more
   * @throws LogOutcomeUnknown, LogBusy, LogDamaged for those that were not answered
   */
  async commit(
    memory: MongoState,
    batch: readonly WaitingCommit[],
    mustGoOn: () => void,
  ): Promise<void> {
    await this.options.beforeCommit?.();
    let left = batch;
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      mustGoOn();
      left = await this.commitOnce(memory, left);
      if (left.length === 0) return;
      // Somebody else was first: what they have done decides with.
      this.tree.save(await takeInNewer(this.file, memory));
      if (tries > 0) await this.options.scheduler.sleep(Math.random() * JITTER_MS);
    }
    throw new LogBusy(this.options.origin, RETRY_AFTER_MS);
  }

  /** @returns those that are to be decided again, since another's commit came before them */
  private async commitOnce(
    memory: MongoState,
    batch: readonly WaitingCommit[],
  ): Promise<readonly WaitingCommit[]> {
    await memory.fetchFor(batch.map(({ commit }) => commit));
    const plan = new BatchPlan(memory.state, memory.recordedAtMs);
    const nowMs = Date.parse(this.options.now());
    const planned = batch.map(({ commit }) => plan.add(commit, nowMs));
    const documents = documentsOf(planned, memory, this.writer);
    const stored = await this.store(documents);
    const tiles = documents.slice(0, stored).flatMap((document) => memory.absorb(document));
    this.tree.save(tiles);
    const answered = answeredBy(planned, stored);
    for (const [at, { outcome }] of planned.slice(0, answered).entries())
      batch[at]?.answer(outcome);
    return batch.slice(answered);
  }

  /**
   * Stores commits in their order.
   *
   * @returns how many are stored for good; the next number is another writer's
   */
  private async store(documents: readonly StoredCommit[]): Promise<number> {
    const { scheduler, origin } = this.options;
    const untilMs = scheduler.elapsedMs() + PATIENCE_MS;
    let done = 0;
    for (let fault: unknown; done < documents.length;) {
      try {
        done += await this.file.add(documents.slice(done));
        if (done === documents.length) break;
        const taken = await this.file.from(documents[done]?._id ?? 0, documents.length - done);
        // What did not answer the first time may have been stored nevertheless.
        const own = taken.findIndex((each, at) => !isSame(each, documents[done + at]));
        if (own >= 0) return done + own;
        done += taken.length;
        if (taken.length > 0) continue;
        await this.mustBeFree(documents[done]);
      } catch (error) {
        if (!isServerFault(error)) throw error;
        fault = error;
      }
      if (scheduler.elapsedMs() > untilMs) throw new LogOutcomeUnknown(origin, fault);
      await scheduler.sleep(PAUSE_MS);
    }
    return done;
  }

  /** A number that was refused, and that nobody has: it is on its way to the majority, or damage. */
  private async mustBeFree(document: StoredCommit | undefined): Promise<void> {
    const known = document && (await this.file.ofCommand(document.command));
    if (document === undefined || known === undefined || known._id >= document._id) return;
    throw new LogDamaged(
      `${this.options.origin} has commit ${known._id} under a command that it did not know of`,
    );
  }
}

function documentsOf(
  planned: readonly PlannedCommit[],
  memory: MongoState,
  writer: string,
): readonly StoredCommit[] {
  const newest = memory.newest.copy();
  const committed = planned.filter(({ added }) => added.length > 0);
  return committed.map(({ added }, at) =>
    commitDocument({ number: memory.number + at, writer }, added, newest),
  );
}

/** How many commits are answered once so many documents are stored: those before the first that is not. */
function answeredBy(planned: readonly PlannedCommit[], stored: number): number {
  let documents = 0;
  const open = planned.findIndex(({ added }) => {
    if (added.length > 0) documents += 1;
    return documents > stored;
  });
  return open < 0 ? planned.length : open;
}

function isSame(one: StoredCommit, other: StoredCommit | undefined): boolean {
  return one.writer === other?.writer && one.command === other.command;
}
