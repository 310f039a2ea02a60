import { concurrencyConformance } from '../../libs/event-log/src/concurrency.conformance.js';
import { eventLogConformance } from '../../libs/event-log/src/event-log.conformance.js';
import { openMongoLog } from '../../libs/event-log/src/mongo-log.js';
import type { LogStore } from '../../libs/event-log/src/sample-commits.conformance.js';
import { treeConformance } from '../../libs/event-log/src/tree.conformance.js';
import { unfitEventConformance } from '../../libs/event-log/src/unfit-event.conformance.js';
import { type MongoFixture, mongoFixture } from './mongodb-fixture.ts';

const fixture = await mongoFixture();
afterAll(() => fixture?.close());

/** Each log in a database of its own; the last of them can be opened again. */
function newStore({ mongo, newDatabase }: MongoFixture): LogStore {
  let database = '';
  return {
    open: (options) => openMongoLog({ mongo, database: (database = newDatabase()) }, options),
    reopen: (options) => openMongoLog({ mongo, database }, options),
  };
}

(fixture === undefined ? describe.skip : describe)('the log in MongoDB', () => {
  if (fixture === undefined) return;
  eventLogConformance(newStore(fixture));
  concurrencyConformance(newStore(fixture), 6);
  describe('as a tree', () => treeConformance(newStore(fixture)));
  describe('given an event', () => unfitEventConformance(newStore(fixture)));
});
