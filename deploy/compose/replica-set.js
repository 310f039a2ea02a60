// For mongosh: begins the replica set of docker-compose.yml and makes the user of the services.
/* global db, process, rs, sleep */
const limitMs = 60_000;

try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] });
}

const start = Date.now();
while (!db.hello().isWritablePrimary) {
  if (Date.now() - start > limitMs) throw new Error('the replica set has no primary');
  sleep(500);
}

const admin = db.getSiblingDB('admin');
const pwd = process.env.MONGO_INITDB_ROOT_PASSWORD;
const roles = ['grid-registry', 'mediation', 'volunteers', 'inspections'].flatMap((service) =>
  // What each service keeps, and nothing else.
  ['', '-signed', '-views', '-keys'].map((part) => ({
    role: 'readWrite',
    db: `fengqiao-${service}${part}`,
  })),
);
if (admin.getUser('fengqiao') === null) admin.createUser({ user: 'fengqiao', pwd, roles });
else admin.updateUser('fengqiao', { pwd, roles });
