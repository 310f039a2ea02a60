import { type Client, startPlatform, type TestPlatform } from './client.js';
import { Office } from './office.js';

const VILLAGE = '430502001001';
const grid = (last: number): string => `${VILLAGE}${String(last).padStart(3, '0')}`;

let platform: TestPlatform;
let supervisor: Client;
let office: Office;

beforeAll(async () => {
  platform = await startPlatform();
  supervisor = await platform.as('supervisor', '4305');
  office = new Office(supervisor);
});
afterAll(() => platform.close());

interface Link {
  readonly code: string;
  readonly name: string;
  readonly since: string;
}

interface History {
  readonly status: string;
  readonly openedAt: string;
  readonly since: string;
  readonly predecessors: readonly Link[];
  readonly successors: readonly Link[];
  readonly keptOpenBy: readonly { readonly service: string; readonly count: number }[];
}

async function historyOf(code: string, client = supervisor): Promise<History> {
  const query = `query ($code: ID!) { area(code: $code) { grid {
    status openedAt since keptOpenBy { service count }
    predecessors { code name since } successors { code name since }
  } } }`;
  return (await client.data<{ area: { grid: History } }>(query, { code })).area.grid;
}

async function movesOf(id: string, client = supervisor): Promise<readonly object[]> {
  const query = `query ($id: ID!) { dispute(id: $id) { grid { code name } moves { from to at } } }`;
  const { dispute } = await client.data<{ dispute: Dispute }>(query, { id });
  expect(dispute.grid.code).toBe(dispute.moves.at(-1)?.to ?? dispute.grid.code);
  return dispute.moves;
}

interface Dispute {
  readonly grid: { readonly code: string };
  readonly moves: readonly { readonly to: string; readonly at: string }[];
}

async function gridsOfVillage(): Promise<readonly string[]> {
  const query = '{ area(code: "430502001001") { children { totalCount nodes { code } } } }';
  const { area } = await supervisor.data<{ area: { children: Children } }>(query);
  expect(area.children.totalCount).toBe(area.children.nodes.length);
  return area.children.nodes.map(({ code }) => code);
}

interface Children {
  readonly totalCount: number;
  readonly nodes: readonly { readonly code: string }[];
}

async function openGrids(...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) await office.openGrid(grid(number), `第${number}网格`);
}

/** Closes grids at the same time, each into its successors, and waits until all was answered. */
async function retire(...all: readonly (readonly [number, ...number[]])[]): Promise<void> {
  const asked = all.map(([number, ...successors]) =>
    office.done('retireGrid', {
      code: grid(number),
      successors: successors.map(grid),
      reason: '网格调整',
    }),
  );
  await Promise.all(asked);
  await platform.platform.settled();
}

const codesOf = (links: readonly Link[]): readonly string[] => links.map(({ code }) => code).sort();

describe('a grid that is closed into another', () => {
  it('answers CLOSING, becomes RETIRED, and shows since when', async () => {
    await openGrids(1, 2);
    const { id } = await office.report(grid(1));
    const mediator = await office.appoint('MEDIATOR', grid(1), '李调解');
    const before = new Date().toISOString();
    const command = { code: grid(1), successors: [grid(2)], reason: '两个网格合并' };
    const { grid: answered } = await office.done('retireGrid', command);
    expect(answered).toMatchObject({ code: grid(1), grid: { status: 'CLOSING' } });
    await platform.platform.settled();
    const old = await historyOf(grid(1));
    expect(old).toMatchObject({ status: 'RETIRED', predecessors: [], keptOpenBy: [] });
    expect(old.successors).toEqual([{ code: grid(2), name: '第2网格', since: old.since }]);
    expect(old.since >= before && old.openedAt <= before).toBe(true);
    const { predecessors, ...rest } = await historyOf(grid(2));
    expect(rest).toMatchObject({ status: 'OPEN', successors: [] });
    expect(predecessors).toEqual([{ code: grid(1), name: '第1网格', since: old.since }]);
    expect(await movesOf(id)).toMatchObject([{ from: grid(1), to: grid(2) }]);
    const reader = await platform.as('reader', VILLAGE);
    expect(await movesOf(id, reader)).toEqual(await movesOf(id));
    const query = 'query ($id: ID!) { post(id: $id) { area { code } holder { id } } }';
    const { post } = await supervisor.data<{ post: object }>(query, { id: mediator.post });
    expect(post).toEqual({ area: { code: grid(2) }, holder: { id: mediator.holder } });
  });

  it('takes no new disputes and posts, and says which grid does', async () => {
    const report = await office.asked('reportDispute', office.reportInput(grid(1)));
    expect(report.codes).toEqual(['GRID_CLOSED']);
    const { zh, en } = report.errors[0]!.extensions.messages;
    for (const text of [zh, en]) expect(text).toContain(grid(2));
    const post = await office.asked('createPost', { kind: 'GRID_WORKER', area: grid(1) });
    expect(post.codes).toEqual(['GRID_CLOSED']);
    await office.report(grid(2));
  });

  it('is no longer among the grids of its village, but is found by its code', async () => {
    expect(await gridsOfVillage()).toEqual([grid(2)]);
    const query = 'query ($code: ID!) { area(code: $code) { name level } }';
    const { area } = await supervisor.data<{ area: object }>(query, { code: grid(1) });
    expect(area).toEqual({ name: '第1网格', level: 'GRID' });
  });

  it('is never opened, renamed or closed again', async () => {
    const code = grid(1);
    const codes = async (command: string, input: object) =>
      (await office.asked(command, { code, ...input })).codes;
    expect(await codes('openGrid', { name: '新' })).toEqual(['GRID_CLOSED']);
    expect(await codes('renameGrid', { name: '新' })).toEqual(['GRID_CLOSED']);
    expect(await codes('retireGrid', { reason: '再来' })).toEqual(['GRID_CLOSED']);
  });

  it('leaves its closed disputes where they arose', async () => {
    await openGrids(3);
    const { id, parties } = await office.report(grid(3));
    const refusal = { disputeId: id, partyId: parties[0]!.id, routesTold: ['COURT'] };
    await office.done('refuseMediation', refusal);
    await retire([3, 2]);
    expect(await movesOf(id)).toEqual([]);
    expect((await historyOf(grid(3))).status).toBe('RETIRED');
  });
});

describe('a grid that is closed without a successor', () => {
  it('stays open while a dispute is open, takes others, and is closed once it has ended', async () => {
    await openGrids(4);
    const { id, parties } = await office.report(grid(4));
    await retire([4]);
    const kept = await historyOf(grid(4));
    expect(kept).toMatchObject({
      status: 'OPEN',
      keptOpenBy: [{ service: 'mediation', count: 1 }],
    });
    const other = await office.report(grid(4));
    for (const dispute of [{ id, parties }, other]) {
      const partyId = dispute.parties[0]!.id;
      await office.done('refuseMediation', {
        disputeId: dispute.id,
        partyId,
        routesTold: ['COURT'],
      });
    }
    await retire([4]);
    expect(await historyOf(grid(4))).toMatchObject({ status: 'RETIRED', successors: [] });
    const report = await office.asked('reportDispute', office.reportInput(grid(4)));
    expect(report.codes).toEqual(['GRID_CLOSED']);
  });

  it('stays open while somebody holds a post there', async () => {
    await openGrids(5);
    const { post } = await office.appoint('GRID_WORKER', grid(5), '周网格');
    await retire([5]);
    expect((await historyOf(grid(5))).keptOpenBy).toEqual([{ service: 'grid-registry', count: 1 }]);
    await office.release(post, '网格撤销');
    await retire([5]);
    expect((await historyOf(grid(5))).status).toBe('RETIRED');
  });
});

describe('grids that are drawn anew', () => {
  it('merge: two are closed into one, at the same time', async () => {
    await openGrids(11, 12, 13);
    const first = await office.report(grid(11));
    const second = await office.report(grid(12));
    await retire([11, 13], [12, 13]);
    const merged = await historyOf(grid(13));
    expect(codesOf(merged.predecessors)).toEqual([grid(11), grid(12)]);
    expect(await movesOf(first.id)).toMatchObject([{ from: grid(11), to: grid(13) }]);
    expect(await movesOf(second.id)).toMatchObject([{ from: grid(12), to: grid(13) }]);
  });

  it('split: one is closed into two; the first takes the work, both show where from', async () => {
    await openGrids(21, 22, 23);
    const { id } = await office.report(grid(21));
    await retire([21, 23, 22]);
    const old = await historyOf(grid(21));
    expect(old.successors.map(({ code }) => code)).toEqual([grid(23), grid(22)]);
    for (const number of [22, 23]) {
      expect(codesOf((await historyOf(grid(number))).predecessors)).toEqual([grid(21)]);
    }
    expect(await movesOf(id)).toMatchObject([{ from: grid(21), to: grid(23) }]);
  });

  it('move a boundary: both are closed, each into its own heir first and the other second', async () => {
    await openGrids(31, 32, 33, 34);
    const east = await office.report(grid(31));
    const west = await office.report(grid(32));
    await retire([31, 33, 34], [32, 34, 33]);
    for (const number of [33, 34]) {
      const { status, predecessors } = await historyOf(grid(number));
      expect([status, codesOf(predecessors)]).toEqual(['OPEN', [grid(31), grid(32)]]);
    }
    expect(await movesOf(east.id)).toMatchObject([{ from: grid(31), to: grid(33) }]);
    expect(await movesOf(west.id)).toMatchObject([{ from: grid(32), to: grid(34) }]);
    expect((await gridsOfVillage()).filter((code) => code >= grid(31))).toEqual([
      grid(33),
      grid(34),
    ]);
  });

  it('follow each other: the work goes all the way, and each move is shown', async () => {
    await openGrids(41, 42, 43);
    const { id } = await office.report(grid(41));
    await retire([41, 42]);
    await retire([42, 43]);
    expect(await movesOf(id)).toMatchObject([
      { from: grid(41), to: grid(42) },
      { from: grid(42), to: grid(43) },
    ]);
  });
});

describe('closing a grid is refused', () => {
  const refused = async (code: string, input: object, by = office): Promise<void> => {
    const heads = () => Promise.all(platform.platform.logs.map((log) => log.head()));
    const before = await heads();
    const { codes, errors } = await by.asked('retireGrid', { reason: '调整', ...input });
    expect(codes).toEqual([code]);
    expect(errors[0]!.message).not.toMatch(/[{}]|undefined/);
    expect(await heads()).toEqual(before);
  };

  it.each([
    ['a grid that was never opened', { code: grid(99) }, 'GRID_NOT_FOUND'],
    ['a village', { code: VILLAGE }, 'GRID_CODE_MALFORMED'],
    ['into itself', { code: grid(2), successors: [grid(2)] }, 'SUCCESSOR_IS_ITSELF'],
    ['into a closed one', { code: grid(2), successors: [grid(13), grid(1)] }, 'SUCCESSOR_NOT_OPEN'],
    ['into one twice', { code: grid(2), successors: [grid(13), grid(13)] }, 'INPUT_INVALID'],
    ['without a reason', { code: grid(2), reason: ' ' }, 'INPUT_INVALID'],
    [
      'into one of another village',
      { code: grid(2), successors: ['430502001002001'] },
      'SUCCESSOR_IN_ANOTHER_VILLAGE',
    ],
    ['into one elsewhere', { code: grid(2), successors: ['430601001001001'] }, 'OUT_OF_SCOPE'],
  ])('%s', (_, input, code) => refused(code, input));

  it.each(['reader', 'mediator', 'grid-worker'] as const)('by a %s', async (role) =>
    refused('ROLE_MAY_NOT', { code: grid(2) }, new Office(await platform.as(role, '4305'))),
  );

  it('while its own closing is under way, or work of another is on its way there', async () => {
    await openGrids(51, 52);
    // Asked together: the answers of the services come only after all three were decided.
    const [first, second, third] = await Promise.all([
      office.asked('retireGrid', { code: grid(51), successors: [grid(52)], reason: '合并' }),
      office.asked('retireGrid', { code: grid(51), successors: [grid(52)], reason: '再来' }),
      office.asked('retireGrid', { code: grid(52), reason: '撤销' }),
    ]);
    await platform.platform.settled();
    const codes = [first, second, third].map((answer) => answer.codes);
    // Whichever came first, no two of them were begun: work never moves into a closing grid.
    const begun = codes.filter((each) => each.length === 0);
    expect(begun).toHaveLength(1);
    for (const [code] of codes.filter((each) => each.length > 0)) {
      expect([
        'GRID_ALREADY_CLOSING',
        'GRID_RECEIVES_WORK',
        'SUCCESSOR_NOT_OPEN',
        'GRID_CLOSED',
      ]).toContain(code);
    }
  });
});
