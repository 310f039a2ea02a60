export {
  defineView,
  type Definition,
  type IndexPart,
  type Scalar,
  type View,
  type ViewRow,
} from './view.js';
export { isViewList, type ViewList, viewList } from './view-list.js';
export type { GroupCount, Query, Where } from './query.js';
export type {
  Generations,
  Park,
  Rebuilding,
  Rebuilt,
  StoreStatus,
  ViewStore,
} from './view-store.js';
export {
  IndexMissing,
  NotGoneBack,
  NotTemporal,
  RowOfAnotherStream,
  RowParked,
  ViewsBehind,
} from './faults.js';
export {
  type MongoViewGenerations,
  type MongoViewsOptions,
  openMongoViews,
} from './mongo-view-generations.js';
export { copyMongoViews } from './copy-mongo-views.js';
export { openMemoryViews } from './memory-views.js';
export { openSqliteViews } from './open-views.js';
export { openSqliteViewsFile, type SqliteViews } from './sqlite-views.js';
export { openViewGenerations, type ViewGenerations } from './view-generations.js';
export { generationFile, readPointer, type ViewsPointer } from './views-pointer.js';
export { rowsWritten } from './folding.js';
export { viewsPosition } from './views-position.js';
export {
  openFileSnapshot,
  openViewsSnapshot,
  type StoredPark,
  type StoredRow,
  ViewsMissing,
  type ViewsSnapshot,
} from './views-snapshot.js';
export {
  type Comparing,
  compareParked,
  compareView,
  type RowDifference,
  type ViewComparison,
} from './compare-views.js';
export type { FieldDifference } from './field-differences.js';
export { Projector } from './projector.js';
export { LiveViews, type ViewsStatus } from './live-views.js';
