/** Exit codes of every command, as docs/operating.md promises them to scripts. */
export const EXIT = {
  clean: 0,
  /** What is stored is not what was recorded or signed. */
  manipulation: 1,
  /** Something is missing, or was unprotected for a time. */
  gap: 2,
  couldNotRun: 3,
} as const;

/** Where a command writes: answers go to `out`, what is on the way goes to `err`. */
export interface CommandIo {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
}

/** 审计命令: one command of the auditor. */
export interface AuditorCommand {
  readonly name: string;
  /** Its arguments: `[SOURCE] [--json]`. */
  readonly usage: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** @returns the exit code */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** The command line is wrong: the message says how, and the usage follows it. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

/** The command could not do its work: the message says why, and what the auditor can do. */
export class CannotRun extends Error {
  readonly code = 'CANNOT_RUN';
}
