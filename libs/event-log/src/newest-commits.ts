import type { StreamHead } from './log-state.js';
import type { NewestNames } from './newest-names.js';

/** Commits that are kept; some 500 bytes each. */
const COMMITS_MAX = 16_384;
/** So many are let go of at once. */
const LET_GO = 1_024;

/** What is kept of a commit. */
export interface KeptCommit {
  /** `ACTOR\nCOMMAND`. */
  readonly command: string;
  readonly commandId: string;
  readonly first: number;
  /** The newest event of each stream that it wrote. */
  readonly heads: ReadonlyMap<string, StreamHead>;
}

/**
 * The newest commits of a log: which streams they wrote and which commands they answered. Of all
 * before them only the greatest names are known; what is greater than these, and not among the
 * newest, was never written.
 */
export class NewestCommits {
  private commits: KeptCommit[] = [];
  private readonly firsts = new Map<string, number>();
  private readonly heads = new Map<string, StreamHead>();

  /** @param before the greatest names of all commits before the first that is kept */
  constructor(private readonly before: NewestNames) {}

  /** The newest event of a stream; `none` when it has none, undefined when that is not known. */
  headOf(stream: string): StreamHead | 'none' | undefined {
    return this.heads.get(stream) ?? (this.before.isNew(stream) ? 'none' : undefined);
  }

  /** The position of a command's first event, in the same way. */
  firstOf(command: string, commandId: string): number | 'none' | undefined {
    return this.firsts.get(command) ?? (this.before.isNewCommand(commandId) ? 'none' : undefined);
  }

  add(commit: KeptCommit): void {
    this.commits.push(commit);
    this.firsts.set(commit.command, commit.first);
    for (const [stream, head] of commit.heads) this.heads.set(stream, head);
    if (this.commits.length > COMMITS_MAX) this.letGo();
  }

  private letGo(): void {
    for (const { command, commandId, heads } of this.commits.slice(0, LET_GO)) {
      this.firsts.delete(command);
      this.before.noteCommand(commandId);
      for (const [stream, head] of heads) {
        this.before.note(stream);
        // A newer commit may have written it again.
        if (this.heads.get(stream)?.position === head.position) this.heads.delete(stream);
      }
    }
    this.commits = this.commits.slice(LET_GO);
  }
}
