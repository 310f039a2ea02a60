import { concurrencyConformance } from './concurrency.conformance.js';
import { eventLogConformance } from './event-log.conformance.js';
import { openMemoryLog } from './memory-log.js';
import { treeConformance } from './tree.conformance.js';
import { unfitEventConformance } from './unfit-event.conformance.js';

const store = { open: openMemoryLog };

describe('the log in memory', () => {
  eventLogConformance(store);
  concurrencyConformance(store, 200);
  describe('as a tree', () => treeConformance(store));
  describe('given an event', () => unfitEventConformance(store));
});
