export {
  type EventRow,
  type Extent,
  openStoredEvents,
  PREVIOUS_UNIT,
  type StoredEvents,
  type StoredTile,
} from './stored-events.js';
export {
  openStoredCheckpoints,
  type StoredCheckpoint,
  type StoredCheckpoints,
  type StoredEpoch,
} from './stored-checkpoints.js';
export {
  type CommandColumns,
  type IndexedCommand,
  type IndexedHead,
  openStoredIndex,
  type StoredIndex,
} from './stored-index.js';
export { isTakenIntoUse, openReadOnly } from './read-only-file.js';
export { StoreUnreadable, tellsOfDamage } from './store-faults.js';
export { formatOf, schemaDifferences, STORE_FORMATS } from './schema.js';
