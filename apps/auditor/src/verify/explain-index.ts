import { openStoredIndex, type StoredIndex } from '#libs/stored-log';
import type { Entry } from '#libs/event-log';
import { commandNumberOf } from './command-number.js';
import { bytesAt, entryAt } from './entry-at.js';
import { EntryFields } from './entry-fields.js';
import type { Findings } from './findings.js';
import type { LeafReader } from './leaf-reader.js';

const ADVICE = 'delete index.db, it is made anew';
/** So many faults are named: one wrong row is as good a reason as a thousand. */
const NAMED = 20;

interface Compared {
  readonly index: StoredIndex;
  readonly reader: LeafReader;
  readonly mark: number;
  readonly head: number;
}

/** Finds out which rows of an index are not what the log says, row by row; this takes its time. */
export async function explainIndex(
  dir: string,
  { reader, mark, head }: Omit<Compared, 'index'>,
  findings: Findings,
): Promise<void> {
  const index = openStoredIndex(dir);
  if (index === undefined) return;
  const compared = { index, reader, mark, head };
  try {
    let named = 0;
    for await (const [where, what] of faultsIn(compared)) {
      findings.manipulation(`index.db ${where}`, `${what}: ${ADVICE}`);
      named += 1;
      if (named === NAMED) return;
    }
    if (named === 0)
      findings.manipulation('index.db', `does not hold what the log says: ${ADVICE}`);
  } finally {
    index.close();
  }
}

type Fault = readonly [where: string, what: string];

async function* faultsIn(compared: Compared): AsyncGenerator<Fault> {
  yield* wrongHeads(compared);
  yield* wrongCommands(compared);
  yield* missingRows(compared);
}

async function* wrongHeads({ index, reader, mark, head }: Compared): AsyncGenerator<Fault> {
  for (const [stream, position, version] of rowsOf(index.heads())) {
    const entry = isBelow(position, mark) ? await entryAt(reader, position, head) : undefined;
    if (entry?.stream === stream && entry.version === version) continue;
    yield [`head ${stream}`, `entry ${position} is not version ${version} of it`];
  }
}

async function* wrongCommands({ index, reader, mark, head }: Compared): AsyncGenerator<Fault> {
  for (const [number, position] of rowsOf(index.commands())) {
    const own = isBelow(position, mark) ? await numberAt(reader, position, head) : undefined;
    if (own !== number) yield [`command ${number}`, `does not begin at entry ${position}`];
  }
}

async function* missingRows({ index, reader, mark, head }: Compared): AsyncGenerator<Fault> {
  const told = new Set<string>();
  for (let position = 0; position < mark; position += 1) {
    const entry = await entryAt(reader, position, head);
    if (entry === undefined) continue;
    const fault = staleHead(index, entry);
    if (fault !== undefined && !told.has(entry.stream)) yield [`head ${entry.stream}`, fault];
    if (fault !== undefined) told.add(entry.stream);
    const number = entry.index === 0 ? await numberAt(reader, position, head) : undefined;
    if (number !== undefined && !index.hasCommand(number, position)) {
      yield [`command ${number}`, `lacks the one that begins at entry ${position}`];
    }
  }
}

function* rowsOf<Row>(pages: Iterable<readonly Row[]>): Generator<Row> {
  for (const page of pages) yield* page;
}

function staleHead(index: StoredIndex, { stream, position }: Entry): string | undefined {
  const newest = index.headOf(stream);
  if (newest === undefined) return 'is missing';
  return newest < position ? `names entry ${newest}, but entry ${position} is newer` : undefined;
}

function isBelow(position: number, mark: number): boolean {
  return position >= 0 && position < mark;
}

/** The number of the command that begins at an entry; undefined when none does. */
async function numberAt(
  reader: LeafReader,
  position: number,
  head: number,
): Promise<number | undefined> {
  const bytes = await bytesAt(reader, position, head);
  if (bytes === undefined) return undefined;
  const fields = new EntryFields();
  fields.use(bytes);
  fields.read(0, bytes.length);
  return fields.index === 0 ? commandNumberOf(bytes, fields) : undefined;
}
