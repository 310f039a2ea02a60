import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { openMemoryLog } from '#libs/event-log';
import { defineView, LiveViews, openMemoryViews, Projector } from '#libs/views';
import { pageOf } from './connection.js';

interface DoorRow {
  readonly id: string;
  readonly floor: number;
  readonly open: boolean;
}

const doorsView = defineView<DoorRow, { type: 'DoorMade' } & DoorRow, 'id'>({
  name: 'doors',
  version: 1,
  indexes: [['open', 'floor', 'id']],
  key: 'id',
  starts: { DoorMade: ({ event: { id, floor, open } }) => ({ id, floor, open }) },
});

let live: LiveViews;

/** Doors a to g on three floors, of which g is shut. */
beforeEach(async () => {
  const DoorMade = z.strictObject({ id: z.string(), floor: z.int(), open: z.boolean() });
  const log = openMemoryLog({
    origin: 'house',
    events: { DoorMade },
    now: () => '2026-03-01T00:00:00.000Z',
  });
  const doors = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const events = doors.map((id, index) => ({
    type: 'DoorMade',
    id,
    floor: index % 3,
    open: id !== 'g',
  }));
  const asked = { commandId: 'command-1', actor: 'li-1', fingerprint: '', reads: [] };
  await log.append({ ...asked, writes: [{ stream: 'house-1', events }] });
  const store = openMemoryViews([doorsView]);
  live = new LiveViews(new Projector(log, store), store);
});

const selection = { equals: { open: true }, orderBy: ['floor', 'id'] } as const;
const page = (first: number, after?: string | null) =>
  pageOf(live, doorsView, selection, { first, after });
const cursor = (...values: readonly unknown[]) =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

describe('a list is read page by page', () => {
  it('each page goes on behind the one before, until there is no next', async () => {
    const pages: string[] = [];
    let after: string | null = null;
    let more = true;
    for (let number = 0; more && number < 10; number += 1) {
      const { nodes, totalCount, pageInfo } = await page(2, after);
      expect(totalCount).toBe(6);
      pages.push(nodes.map(({ id }) => id).join(''));
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(pages).toEqual(['ad', 'be', 'cf']);
  });

  it('a page that holds exactly all has no next', async () => {
    const { nodes, pageInfo } = await page(6);
    expect(nodes).toHaveLength(6);
    expect(pageInfo).toEqual({ hasNextPage: false, endCursor: cursor(2, 'f') });
    expect((await page(5)).pageInfo.hasNextPage).toBe(true);
  });

  it('behind the last row there is nothing, and no cursor', async () => {
    const { pageInfo } = await page(6);
    expect(await page(2, pageInfo.endCursor)).toEqual({
      totalCount: 6,
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });
});

describe('a cursor that no page returned is refused', () => {
  it.each([
    ['a word', 'abc'],
    ['nothing', ''],
    ['no list', Buffer.from('{"length":2}').toString('base64url')],
    ['too few values', cursor(1)],
    ['too many values', cursor(1, 'a', 'b')],
    ['a value that is no key', cursor(1, null)],
    ['an object as a value', cursor(1, { toString: 'x' })],
  ])('%s', async (_, after) => {
    const error: unknown = await page(2, after).catch((refused: unknown) => refused);
    if (!(error instanceof GraphQLError)) throw new Error('was taken');
    expect(error.extensions['code']).toBe('CURSOR_INVALID');
  });
});
