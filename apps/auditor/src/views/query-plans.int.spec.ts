import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditedServices } from '../audited-services.js';
import {
  type IndexPart,
  openSqliteViews,
  type Query,
  type SqliteViews,
  type View,
  type ViewRow,
} from '#libs/views';

const LENGTHS = [2, 4, 6, 9, 12, 15];
const CODE = '430502001001007';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-plans-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** What an index can be asked: any part of its front to be equal, then a range and the order. */
function* asked(parts: readonly IndexPart[]): Generator<Query<ViewRow>> {
  for (const length of parts.some((part) => typeof part !== 'string') ? [0, ...LENGTHS] : [0]) {
    const held = length === 0 ? parts.filter((part) => typeof part === 'string') : parts;
    for (let equal = 0; equal <= held.length; equal += 1) {
      const front = held.slice(0, equal);
      const rest = held.slice(equal);
      if (!rest.every((part) => typeof part === 'string')) continue;
      const area = front.find((part) => typeof part !== 'string');
      if (length > 0 && area === undefined) continue;
      const names = front.filter((part) => typeof part === 'string');
      const equals = Object.fromEntries(names.map((name) => [name, 'x']));
      const under = area && { field: area.under, prefix: CODE.slice(0, length) };
      const where = { equals, ...(under && { under }) } as Partial<Query<ViewRow>>;
      yield* ordered(where, rest as never[]);
    }
  }
}

function* ordered(where: Partial<Query<ViewRow>>, orderBy: readonly never[]) {
  const after = orderBy.map(() => 'x');
  const [first] = orderBy;
  for (const descending of [false, true]) {
    const query = { ...where, orderBy, descending, limit: 20 };
    yield query;
    if (first === undefined) continue;
    yield { ...query, after };
    yield { ...query, after, range: { field: first, from: 'a', to: 'z' } };
    yield { ...query, range: { field: first, from: 'a' } };
  }
}

async function ask(store: SqliteViews, view: View, query: Query<ViewRow>): Promise<void> {
  await store.find(view, query);
  await store.count(view, query);
  const [first] = query.orderBy;
  if (first !== undefined) await store.countBy(view, first, query);
}

/** Without a condition, an index is read from its beginning: as far as a page goes, or counted. */
const mayScan = (sql: string) => !/WHERE (?!TRUE)/.test(sql);

it.each(auditedServices)(
  'every query that $name may ask goes through an index',
  async (service) => {
    const store = openSqliteViews(dir, service.views);
    for (const view of service.views) {
      for (const query of view.indexes.flatMap((parts) => [...asked(parts)])) {
        await ask(store, view, query);
        if (view.temporal) await ask(store, view, { ...query, asOf: 7 });
      }
    }
    const plans = store.plans();
    const bad = plans.filter(({ sql, plan }) =>
      plan.some(
        (step) =>
          /TEMP B-TREE/.test(step) ||
          (/^SCAN view_/.test(step) && !(/ USING (?:COVERING )?INDEX /.test(step) && mayScan(sql))),
      ),
    );
    expect(bad).toEqual([]);
    expect(plans.length).toBeGreaterThan(20);
    await store.close();
  },
);
