import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteViews } from './open-views.js';
import { casesView, historyView, put, recorded, views } from './sample-views.conformance.js';
import type { ViewStore } from './view-store.js';
import { openViewsSnapshot, ViewsMissing } from './views-snapshot.js';

let dir: string;
let store: ViewStore;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-snapshot-'));
  store = openSqliteViews(dir, views);
  await store.apply(['b', 'é', '\u{1F33E}', '\uFF21', 'a'].map((id, at) => recorded(at, put(id))));
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

it('gives every row with its columns, in the order of the keys as bytes', () => {
  const snapshot = openViewsSnapshot(dir, views);
  const rows = [...snapshot.rows(casesView)];
  expect(rows.map(({ key }) => key)).toEqual(['a', 'b', 'é', '\uFF21', '\u{1F33E}']);
  expect(JSON.parse(rows[0]?.row ?? '')).toMatchObject({ id: 'a', area: '430502' });
  expect(rows[0]?.columns).toMatchObject({ f_id: 'a', f_open: 1, f_mediator: null });
  expect(snapshot.count(historyView)).toBe(5);
  snapshot.close();
});

it('stays at its position while the service goes on', async () => {
  const snapshot = openViewsSnapshot(dir, views);
  await store.apply([recorded(5, put('c')), recorded(6, { type: 'CaseDropped', id: 'a' })]);
  expect(snapshot.position).toBe(5);
  expect([...snapshot.rows(casesView)].map(({ key }) => key)).toContain('a');
  expect(snapshot.count(casesView)).toBe(5);
  snapshot.close();
});

it('leaves no trace in a copy', async () => {
  await store.close();
  const copy = `${dir}-copy`;
  cpSync(dir, copy, { recursive: true });
  const before = readdirSync(copy);
  const snapshot = openViewsSnapshot(copy, views);
  expect(snapshot.count(casesView)).toBe(5);
  snapshot.close();
  expect(readdirSync(copy)).toEqual(before);
  rmSync(copy, { recursive: true });
  store = openSqliteViews(dir, views);
});

it('refuses views of another version, and a folder without any', () => {
  const changed = [{ ...casesView, fingerprint: 'other' }, historyView];
  expect(() => openViewsSnapshot(dir, changed)).toThrow(ViewsMissing);
  expect(() => openViewsSnapshot(join(dir, 'nowhere'), views)).toThrow('it has no views');
});
