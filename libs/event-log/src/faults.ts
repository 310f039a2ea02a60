/** The same streams changed under every try: somebody else keeps writing them. */
export class CommandConflict extends Error {
  readonly code = 'COMMAND_CONFLICT';
  constructor(stream: string, tries: number) {
    super(`${stream} changed during each of ${tries} tries`);
  }
}

/** Two writers on one log would break its order. */
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

/** An event whose type this version of the service does not know: stop rather than skip it. */
export class UnknownEvent extends Error {
  readonly code = 'UNKNOWN_EVENT';
  constructor(type: string) {
    super(`event type ${type} is not declared by this service: run the version that wrote it`);
  }
}
