import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSignedMongoLog, type SignedMongoLog } from '#libs/event-log';
import { connectMongo, type Mongo } from '#libs/mongo';
import { openMongoKeys, Sealing } from '#libs/privacy';
import { appendFor, type Streams } from './append.ts';
import type { Measured } from './figures.ts';
import { benchEvents, eventSource, idSource } from './sample-events.ts';

const IN_FLIGHT = 64;
const ARM_MS = 1_000;
const DOCUMENTS_MAX = 50_000;

/**
 * Measures how many commits a second the log in MongoDB takes, each of one event on a new stream,
 * from 64 callers; against bare `insertOne` of the very documents that it has stored, as many in
 * flight, into a collection without its indexes. Both write to the majority and the journal.
 *
 * @param url the server; its databases `bench-append...` are dropped before and after
 */
export async function measureAppendMongo(
  url: string,
  { rounds }: { readonly rounds: number },
): Promise<readonly Measured[]> {
  const mongo = await connectMongo(url);
  const dir = mkdtempSync(join(tmpdir(), 'fengqiao-bench-mongo-'));
  try {
    await drop(mongo);
    const { signed, streams, close } = await openLog(mongo, dir);
    const measured: Measured[] = [];
    await appendFor(signed, streams, IN_FLIGHT, streams.newId);
    for (let round = 0; round < rounds; round += 1) {
      const first = (await signed.log.file.newest())?._id ?? -1;
      const { perSecond } = await appendFor(signed, streams, IN_FLIGHT, streams.newId);
      const documents = await documentsFrom(mongo, first + 1);
      measured.push({ value: perSecond, limit: await insertBare(mongo, round, documents) });
    }
    await close();
    await drop(mongo);
    return measured;
  } finally {
    await mongo.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function openLog(mongo: Mongo, dir: string) {
  const now = (): string => new Date().toISOString();
  const keys = openMongoKeys(mongo.database('bench-append-keys'), now);
  await keys.opened;
  const signed: SignedMongoLog = openSignedMongoLog(
    { mongo, database: 'bench-append', checkpoints: 'bench-append-signed', dir },
    {
      origin: 'bench',
      name: 'bench.localhost/bench',
      events: benchEvents,
      now,
      beforeCommit: () => keys.flush(),
      onFault: (error) => process.stderr.write(`${String(error)}\n`),
    },
  );
  await signed.opened;
  const newId = idSource();
  const eventOf = eventSource(new Sealing(keys), newId);
  const streams: Streams = { versions: new Map(), newId, eventOf };
  const close = async (): Promise<void> => {
    await signed.close();
    keys.close();
  };
  return { signed, streams, close };
}

interface Document {
  readonly _id: bigint | number;
}

async function documentsFrom(mongo: Mongo, first: number): Promise<readonly Document[]> {
  const commits = mongo.database('bench-append').collection<Document>('commits');
  const found = commits.find({ _id: { $gte: first } }).sort({ _id: 1 });
  return found.limit(DOCUMENTS_MAX).toArray();
}

async function insertBare(
  mongo: Mongo,
  round: number,
  documents: readonly Document[],
): Promise<number> {
  const bare = mongo.database('bench-append').collection<Document>(`bare_${round}`);
  await bare.createIndex({ _id: 1 });
  const queue = documents.map((each) => ({ ...each, _id: BigInt(each._id) }));
  let done = 0;
  const started = performance.now();
  const caller = async (): Promise<void> => {
    for (;;) {
      const next = queue[done];
      if (next === undefined || performance.now() - started > ARM_MS) return;
      done += 1;
      await bare.insertOne(next);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
  const rate = done / ((performance.now() - started) / 1_000);
  await bare.drop();
  return rate;
}

async function drop(mongo: Mongo): Promise<void> {
  for (const name of ['bench-append', 'bench-append-signed', 'bench-append-keys']) {
    await mongo.database(name).dropDatabase();
  }
}
