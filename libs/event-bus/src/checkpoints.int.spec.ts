import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryCheckpoints, openSqliteCheckpoints } from './checkpoints.js';

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

it('checkpoints in SQLite are found again after a restart', () => {
  const before = openSqliteCheckpoints(dir);
  before.save('grid-registry', 5);
  before.close();
  const after = openSqliteCheckpoints(dir);
  expect(after.load('grid-registry')).toBe(5);
  after.close();
});
