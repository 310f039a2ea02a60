// None of these names a subject: what is written to a log stays when the person was erased.

/** The subject was erased: nothing can be sealed for it any more. */
export class SubjectErased extends Error {
  readonly code = 'SUBJECT_ERASED';
  constructor() {
    super('the key of this subject was destroyed, and no other is made');
  }
}

/** A sealed section is not as it was sealed. */
export class SealBroken extends Error {
  readonly code = 'SEAL_BROKEN';
}

/**
 * Another process made or destroyed the key of a subject whose key is being made here. Subjects
 * are random ids of one process, so this is a defect.
 */
export class KeyConflict extends Error {
  readonly code = 'KEY_CONFLICT';
  constructor() {
    super(
      'another process has written a key for the same new subject: nothing more is recorded ' +
        'here, since it could never be read; find out who shares subjects, then start again',
    );
  }
}

/** `keys.db` cannot be read by this version, or is no key file. */
export class KeysUnreadable extends Error {
  readonly code = 'KEYS_UNREADABLE';
}

/** A key is destroyed, but its bytes are still in the write-ahead log of `keys.db`. */
export class KeyTracesLeft extends Error {
  readonly code = 'KEY_TRACES_LEFT';
  constructor() {
    super('the key is destroyed, but keys.db-wal still holds its bytes: repeat when nobody reads');
  }
}
