/** A master key of 32 bytes; `destroyed` for ever once it was; undefined if none was made here. */
export type FoundKey = Buffer | 'destroyed' | undefined;

/**
 * 主体密钥: one random master key for each subject. Whoever has it reads what was sealed for that
 * subject, so it is kept apart from the log, and to destroy it is to erase the person from it (PIPL
 * art. 47).
 */
export interface SubjectKeys {
  /** 32 random bytes, made once with the store: for what belongs to the log and to no subject. */
  readonly logKey: Buffer;
  /** The key of a subject as it is now, one that waits for `flush` included. */
  find(subject: string): FoundKey;
  /**
   * The key of a subject, made if there was none. A new one is durable after the next `flush`
   * only: nothing that was sealed with it may be recorded before.
   *
   * @throws SubjectErased when it was destroyed
   */
  obtain(subject: string): Buffer;
  /**
   * Makes all new keys durable, in one transaction; with no new key it costs nothing. After a
   * failure they wait for the next one.
   *
   * @throws KeyConflict, then and ever after: what was sealed with a key that another process
   *   replaced may still be on its way to the log, so nothing may be recorded until a new start
   */
  flush(): void;
  /**
   * Destroys a subject's key, flushed or not, and keeps a tombstone, also where there was no key:
   * none can be made again. May be repeated. Copies of the file, such as backups, keep the key.
   *
   * @throws KeyTracesLeft when the key is destroyed but its bytes could not be overwritten yet
   */
  destroy(subject: string): void;
  /** New keys that were not flushed are lost, as in a crash. */
  close(): void;
}
