/** The same streams changed under every try: somebody else keeps writing them. */
export class CommandConflict extends Error {
  readonly code = 'COMMAND_CONFLICT';
  constructor(stream: string, tries: number) {
    super(`${stream} changed during each of ${tries} tries`);
  }
}

/** Two processes at work in one folder would keep two views of it. */
export class DataDirInUse extends Error {
  readonly code = 'DATA_DIR_IN_USE';
  constructor(path: string) {
    super(`${path} is in use by another running process: stop that first`);
  }
}

/** What is stored is not what was written. */
export class LogDamaged extends Error {
  readonly code = 'LOG_DAMAGED';
}

/** More is asked of the log than it can keep up with; nothing of it was recorded. */
export class LogBusy extends Error {
  readonly code = 'LOG_BUSY';
  constructor(
    origin: string,
    /** How long to wait before asking again. */
    readonly retryAfterMs: number,
  ) {
    super(`${origin} has too much to record at once: ask again in ${retryAfterMs} ms`);
  }
}

/** The log is kept as it is: the reason says why, and what the operator can do. */
export class LogReadOnly extends Error {
  readonly code = 'LOG_READ_ONLY';
  constructor(
    origin: string,
    readonly reason: string,
  ) {
    super(`${origin} records nothing: ${reason}`);
  }
}

/** One event is longer than an entry may be; its command is the one to be made smaller. */
export class EventTooLarge extends Error {
  readonly code = 'EVENT_TOO_LARGE';
  constructor(
    type: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`${type} would need ${bytes} bytes, an event may have ${limit}`);
  }
}

/** An event whose type this version of the service does not know: stop rather than skip it. */
export class UnknownEvent extends Error {
  readonly code = 'UNKNOWN_EVENT';
  constructor(type: string, version?: number) {
    const what = version === undefined ? type : `${type} version ${version}`;
    super(`event type ${what} is not declared by this service: run the version that wrote it`);
  }
}

/** Something was written by a version that is newer than this one. */
export class UnknownFormat extends Error {
  readonly code = 'UNKNOWN_FORMAT';
  constructor(what: string, known: number) {
    super(`${what} was found, this version reads up to ${known}: run the version that wrote it`);
  }
}

/**
 * The store did not say whether it has kept a commit: it may be recorded now, later, or never. Ask
 * again with the same command id.
 */
export class LogOutcomeUnknown extends Error {
  readonly code = 'LOG_OUTCOME_UNKNOWN';
  constructor(origin: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message.split('\n', 1).join() : String(cause);
    super(`${origin} does not know what was recorded: ${why}; repeat the command as it was`, {
      cause,
    });
  }
}
