export {
  defineView,
  type Query,
  type Scalar,
  type View,
  type ViewRow,
  type ViewStore,
  type Where,
} from './view.js';
export { openMemoryViews } from './memory-views.js';
export { openSqliteViews } from './sqlite-views.js';
export { viewsFile } from './views-file.js';
export { viewsPosition } from './views-position.js';
export {
  openViewsSnapshot,
  type StoredRow,
  ViewsMissing,
  type ViewsSnapshot,
} from './views-snapshot.js';
export { Projector } from './projector.js';
export { LiveViews } from './live-views.js';
