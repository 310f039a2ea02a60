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
export { Projector } from './projector.js';
export { LiveViews } from './live-views.js';
