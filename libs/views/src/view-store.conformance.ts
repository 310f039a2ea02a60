import { parkingConformance } from './parking.conformance.js';
import { queriesConformance } from './queries.conformance.js';
import { rowsConformance } from './rows.conformance.js';
import { type Apply, recorded, views } from './sample-views.conformance.js';
import { temporalConformance } from './temporal.conformance.js';
import type { View } from './view.js';
import type { ViewStore } from './view-store.js';

/** Opens a store under test that holds no rows yet. */
export type OpenViews = (views: readonly View[]) => ViewStore;

/** What every view store promises, whatever it keeps its rows in. */
export function viewStoreConformance(open: OpenViews): void {
  let store: ViewStore;
  let applied: number;

  beforeEach(() => {
    store = open(views);
    applied = 0;
  });
  afterEach(() => store.close());

  const apply: Apply = async (...events) => {
    const from = applied;
    applied += events.length;
    await store.apply(events.map((event, index) => recorded(from + index, event)));
  };

  describe('rows', () => rowsConformance(() => ({ store, apply })));
  describe('queries', () => queriesConformance(() => ({ store, apply })));
  describe('parked streams', () => parkingConformance(() => ({ store, apply })));
  describe('the past', () => temporalConformance(() => ({ store, apply })));
}
