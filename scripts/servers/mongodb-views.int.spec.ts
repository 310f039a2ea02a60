import { SystemClock } from '#libs/scheduler';
import { openMongoViews } from '../../libs/views/src/mongo-view-generations.js';
import { viewStoreConformance } from '../../libs/views/src/view-store.conformance.js';
import { mongoFixture } from './mongodb-fixture.ts';

const fixture = await mongoFixture();
afterAll(() => fixture?.close());

(fixture === undefined ? describe.skip : describe)('views in MongoDB', () => {
  if (fixture === undefined) return;
  const { mongo, newDatabase } = fixture;
  const scheduler = new SystemClock();
  viewStoreConformance((views) =>
    openMongoViews(mongo.database(newDatabase()), views, { scheduler }),
  );
});
