import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CheckpointsUnreadable,
  openMemoryCheckpoints,
  openSqliteCheckpoints,
} from './checkpoints.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-checkpoints-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe.each([
  ['in memory', openMemoryCheckpoints],
  ['in SQLite', () => openSqliteCheckpoints(dir)],
])('checkpoints %s', (_, open) => {
  it('an origin that was never heard begins at 0', () => {
    const checkpoints = open();
    expect(checkpoints.load('grid-registry')).toBe(0);
    checkpoints.close();
  });

  it('each origin has its own, and the newest counts', () => {
    const checkpoints = open();
    checkpoints.save('grid-registry', 3);
    checkpoints.save('mediation', 8);
    checkpoints.save('grid-registry', 5);
    expect(checkpoints.load('grid-registry')).toBe(5);
    expect(checkpoints.load('mediation')).toBe(8);
    expect(checkpoints.load('dispatch')).toBe(0);
    expect(checkpoints.origins()).toEqual(['grid-registry', 'mediation']);
    checkpoints.close();
  });
});

describe.each([
  ['in memory', openMemoryCheckpoints],
  ['in SQLite', () => openSqliteCheckpoints(dir)],
])('what is parked %s', (_, open) => {
  const since = '2026-03-01T00:00:00.000Z';
  const at = (stream: string, position: number, handler = 'A.on') => ({
    ...{ handler, origin: 'registry', stream, position, type: 'Opened' },
    ...{ since, attempts: 0, reason: '' },
  });

  it('is the first of each stream and reaction, and how many queue behind it', () => {
    const { parked, close } = open();
    const failed = { ...at('s-1', 7), attempts: 8, reason: 'Error: why' };
    for (const each of [at('s-1', 9, 'A.other'), failed, at('s-2', 3), at('s-1', 7, 'B.on')]) {
      parked.keep(each);
    }
    parked.keep({ ...at('s-1', 1), origin: 'other' });
    const [oldest, ...more] = parked.lanes('registry').map((lane) => ({ ...lane }));
    expect(oldest).toEqual({ ...at('s-2', 3), queued: 0 });
    expect(more).toHaveLength(2);
    expect(more).toContainEqual({ ...failed, queued: 1 });
    expect(more).toContainEqual({ ...at('s-1', 7, 'B.on'), queued: 0 });
    expect({ ...parked.head('registry', 's-1', 'A') }).toEqual(failed);
    expect(parked.head('registry', 's-9', 'A')).toBeUndefined();
    close();
  });

  it('is kept once, in its newest form, until it is removed', () => {
    const { parked, close } = open();
    parked.keep(at('s-1', 7));
    parked.keep({ ...at('s-1', 7), attempts: 9 });
    parked.keep(at('s-1', 9));
    expect(parked.lanes('registry')).toMatchObject([{ attempts: 9, queued: 1 }]);
    parked.remove(at('s-1', 7));
    expect(parked.lanes('registry')).toMatchObject([{ position: 9, queued: 0 }]);
    parked.remove(at('s-1', 9));
    expect(parked.lanes('registry')).toEqual([]);
    close();
  });
});

it('checkpoints in SQLite are found again after a restart', () => {
  const before = openSqliteCheckpoints(dir);
  before.save('grid-registry', 5);
  before.close();
  const after = openSqliteCheckpoints(dir);
  expect(after.load('grid-registry')).toBe(5);
  after.close();
});

it.each([
  ['damaged', (path: string) => writeFileSync(path, 'x'.repeat(8192))],
  ['a folder', (path: string) => void mkdirSync(path)],
])('a file that is %s is told by its name', (_, make) => {
  make(join(dir, 'consumer.db'));
  const open = () => openSqliteCheckpoints(dir);
  expect(open).toThrow(CheckpointsUnreadable);
  expect(open).toThrow(`${join(dir, 'consumer.db')} cannot be read: `);
});
