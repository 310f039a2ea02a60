export type {
  Commit,
  CommitOutcome,
  EventFeed,
  EventLog,
  KnownCommand,
  ProvableLog,
} from './event-log.js';
export {
  CommandConflict,
  DataDirInUse,
  EventTooLarge,
  LogBusy,
  LogDamaged,
  LogOutcomeUnknown,
  LogReadOnly,
  UnknownEvent,
  UnknownFormat,
} from './faults.js';
export { type LogOptions, openMemoryLog } from './memory-log.js';
export { MongoCheckpoints } from './mongo-checkpoints.js';
export { commitDocument, MongoLogFile, type StoredCommit } from './mongo-log-file.js';
export { NewestNames } from './newest-names.js';
export { type MongoLog, type MongoLogOptions, type MongoPlace, openMongoLog } from './mongo-log.js';
export {
  openSignedMongoLog,
  type SignedMongoLog,
  type SignedMongoLogOptions,
  type SignedMongoPlace,
} from './signed-mongo-log.js';
export { openSqliteLog, type SqliteLogOptions } from './sqlite-log.js';
export { openSignedLog, type SignedLog, type SignedLogOptions } from './signed-log.js';
export {
  openSignedCheckpoints,
  type RecoveryEpoch,
  type SignedCheckpoint,
  type SignedCheckpoints,
} from './signed-checkpoints.js';
export { type LogFile, openLogFile } from './log-file.js';
export { type LogIndex, openLogIndex } from './log-index.js';
export { decodeEntry, encodeEntry, type Entry, ENTRY_BYTES_MAX } from './entry.js';
export { checkedEventOf, readRecorded, recordedOf } from './event-codec.js';
export { parsePayloads, type Unparsed } from './payloads.js';
export { replayVerified } from './verified-replay.js';
export { type Committed, LogSigner } from './log-signer.js';
export { checkLog } from './log-check.js';
export { keptCheckpoints, type LastSigned, lastSigned } from './signed-history.js';
export { hasSigningKey, openSigningKey } from './signing-key.js';
export { lockFile } from './sqlite-lock.js';
export {
  type CommandMeta,
  Commands,
  type Done,
  type Loaded,
  plainFingerprints,
  type Streams,
} from './commands.js';
export { positionText } from './position.js';
