import type { DatabaseSync } from 'node:sqlite';
import { reactionOf } from './handlers.js';

/** 搁置: an event that a handler could not take, or that queues behind one; kept to be tried again. */
export interface ParkedDelivery {
  /** `Reaction.method`. */
  readonly handler: string;
  readonly origin: string;
  readonly stream: string;
  readonly position: number;
  readonly type: string;
  /** RFC 3339; when it was parked. */
  readonly since: string;
  /** 0 for one that only queues behind another. */
  readonly attempts: number;
  /** Why the last attempt failed; empty for one that only queues. */
  readonly reason: string;
}

/** The first parked event of a stream for a reaction, and how many queue behind it. */
export interface ParkedLane extends ParkedDelivery {
  readonly queued: number;
}

/** Where what is parked is kept, beside the checkpoints: written before these move past it. */
export interface ParkedStore {
  /** Oldest first. */
  lanes(origin: string): readonly ParkedLane[];
  /** The first event that is parked for this stream and reaction. */
  head(origin: string, stream: string, reaction: string): ParkedDelivery | undefined;
  /** Keeps a delivery, in the place of what was kept of it before. */
  keep(delivery: ParkedDelivery): void;
  remove(delivery: ParkedDelivery): void;
}

type Kept = Map<string, ParkedDelivery>;

export function memoryParked(): ParkedStore {
  const all: Kept = new Map();
  const ofLane = (origin: string, stream: string, reaction: string): readonly ParkedDelivery[] =>
    [...all.values()]
      .filter((each) => each.origin === origin && each.stream === stream)
      .filter(({ handler }) => reactionOf(handler) === reaction)
      .toSorted((a, b) => a.position - b.position || (a.handler < b.handler ? -1 : 1));
  const head = (origin: string, stream: string, reaction: string) =>
    ofLane(origin, stream, reaction)[0];
  return {
    lanes: (origin) =>
      [...all.values()]
        .filter((each) => each.origin === origin)
        .flatMap((each): readonly ParkedLane[] => {
          const lane = ofLane(origin, each.stream, reactionOf(each.handler));
          return lane[0] === each ? [{ ...each, queued: lane.length - 1 }] : [];
        })
        .toSorted((a, b) => a.position - b.position),
    head,
    keep: (delivery) => void all.set(keyOf(delivery), delivery),
    remove: (delivery) => void all.delete(keyOf(delivery)),
  };
}

function keyOf({ origin, position, handler }: ParkedDelivery): string {
  return `${origin}@${position} ${handler}`;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS parked (
  origin TEXT NOT NULL, stream TEXT NOT NULL, reaction TEXT NOT NULL, position INTEGER NOT NULL,
  handler TEXT NOT NULL, type TEXT NOT NULL, since TEXT NOT NULL, attempts INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (origin, stream, reaction, position, handler)) STRICT, WITHOUT ROWID;`;
const FIELDS = 'handler, origin, stream, position, type, since, attempts, reason';

export function sqliteParked(db: DatabaseSync): ParkedStore {
  db.exec(SCHEMA);
  // With min() SQLite takes the other columns from the row that has it.
  const lanes = db.prepare(
    `SELECT ${FIELDS.replace('position', 'min(position) AS position')}, count(*) - 1 AS queued
     FROM parked WHERE origin = ? GROUP BY stream, reaction ORDER BY min(position)`,
  );
  const head = db.prepare(
    `SELECT ${FIELDS} FROM parked WHERE origin = ? AND stream = ? AND reaction = ?
     ORDER BY position, handler LIMIT 1`,
  );
  const keep = db.prepare(
    `INSERT OR REPLACE INTO parked (${FIELDS}, reaction) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = db.prepare(
    `DELETE FROM parked WHERE origin = ? AND stream = ? AND reaction = ?
     AND position = ? AND handler = ?`,
  );
  return {
    lanes: (origin) => lanes.all(origin) as unknown as readonly ParkedLane[],
    head: (origin, stream, reaction) =>
      head.get(origin, stream, reaction) as unknown as ParkedDelivery | undefined,
    keep: (each) => {
      const { handler, origin, stream, position, type, since, attempts, reason } = each;
      const fields = [handler, origin, stream, position, type, since, attempts, reason];
      keep.run(...fields, reactionOf(handler));
    },
    remove: ({ origin, stream, position, handler }) =>
      void remove.run(origin, stream, reactionOf(handler), position, handler),
  };
}
