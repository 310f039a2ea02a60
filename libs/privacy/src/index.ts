export { KeyConflict, KeysUnreadable, KeyTracesLeft, SealBroken, SubjectErased } from './faults.js';
export { openMemoryKeys } from './memory-keys.js';
export { type MongoSubjectKeys, openMongoKeys } from './mongo-keys.js';
export {
  type KeptKeys,
  keysInDatabase,
  keysInFolder,
  putKeysInDatabase,
  putKeysInFolder,
} from './kept-keys.js';
export { type RequestFingerprints, requestFingerprints } from './request-fingerprints.js';
export { Sealing, type SealingOptions } from './sealing.js';
export { openSqliteKeys } from './sqlite-keys.js';
export type { FoundKey, SubjectKeys } from './subject-keys.js';
