import { viewList } from '#libs/views';
import { areasView } from './areas.view.js';
import { gridsView } from './grids.view.js';
import { holdersView } from './holders.view.js';
import { postsView } from './posts.view.js';
import { gridRegistryEvents } from './grid-registry.events.js';

/** Everything that this service answers from. */
export const gridRegistryViews = viewList(import.meta.url, gridRegistryEvents, [
  areasView,
  gridsView,
  postsView,
  holdersView,
]);
