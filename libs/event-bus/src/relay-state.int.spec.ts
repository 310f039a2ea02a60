import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteRelayLease } from './relay-state.js';

const state = { source: 'localhost/sample', position: 7, last: 6, previous: [6, -1, 4] };
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'fengqiao-relay-'))));
afterEach(() => rmSync(dir, { recursive: true }));

it('one at a time holds it; who comes next counts on and finds how far it was', async () => {
  const lease = openSqliteRelayLease(dir);
  const first = await lease.tryToHold();
  expect(await first?.load()).toBeUndefined();
  expect(await openSqliteRelayLease(dir).tryToHold()).toBeUndefined();
  expect(await first?.save(state)).toBe(true);
  await first?.release();
  const second = await lease.tryToHold();
  expect(second?.epoch).toBe((first?.epoch ?? 0) + 1);
  expect(await second?.load()).toEqual(state);
  await second?.release();
});

it('refuses the checkpoint of a holder after whom another has come', async () => {
  const hold = await openSqliteRelayLease(dir).tryToHold();
  const other = new DatabaseSync(join(dir, 'relay.db'));
  other.exec('UPDATE relay SET epoch = epoch + 1');
  other.close();
  expect(await hold?.save(state)).toBe(false);
  expect(await hold?.load()).toBeUndefined();
  await hold?.release();
});
