export { databaseNames, type DatabaseNames } from './database-names.js';
export {
  connectMongo,
  messageOf,
  type Mongo,
  type MongoCollection,
  type MongoDatabase,
  MongoUnreachable,
  withoutPassword,
} from './connection.js';
export { insertedBefore, isDuplicate, isServerFault } from './server-errors.js';
export { LeaseNotHeld, ServerLease } from './server-lease.js';
