import { type Client, startPlatform, type TestPlatform } from './client.js';
import { dueDate, Office } from './office.js';

const VILLAGE = '430502001001';
const GRID = `${VILLAGE}001`;

const ONE_VIEW = `query Area($code: ID!) {
  area(code: $code) {
    code name level
    path { code name }
    children(first: 50) { totalCount nodes { code name } pageInfo { hasNextPage endCursor } }
    posts { id kind holder { id name } }
    disputes(status: OPEN, first: 20) {
      totalCount nodes { id type status reportedAt dueAt mediator { id } }
    }
  }
}`;

let platform: TestPlatform;
let supervisor: Client;
let office: Office;

beforeAll(async () => {
  platform = await startPlatform();
  supervisor = await platform.as('supervisor', '4305');
  office = new Office(supervisor);
});
afterAll(() => platform.close());

describe('the one view', () => {
  it('answers for a village of the official data', async () => {
    const { area } = await supervisor.data<{ area: object }>(ONE_VIEW, { code: VILLAGE });
    expect(area).toMatchObject({
      code: VILLAGE,
      level: 'VILLAGE',
      path: [
        { code: '4305', name: '邵阳市' },
        { code: '430502', name: '双清区' },
        { code: '430502001' },
      ],
      children: { totalCount: 0, nodes: [] },
      posts: [],
      disputes: { totalCount: 0, nodes: [] },
    });
  });

  it('counts the 12 counties of Shaoyang and pages through them', async () => {
    const query = `query ($after: String) { area(code: "4305") {
      children(first: 5, after: $after) { totalCount nodes { code } pageInfo { hasNextPage endCursor } }
    } }`;
    const codes: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 4; page += 1) {
      const { area }: { area: { children: Page } } = await supervisor.data(query, { after });
      expect(area.children.totalCount).toBe(12);
      codes.push(...area.children.nodes.map(({ code }) => code));
      after = area.children.pageInfo.endCursor;
      if (!area.children.pageInfo.hasNextPage) break;
    }
    expect(codes).toHaveLength(12);
    expect(codes).toEqual([...new Set(codes)].sort());
  });

  it('follows a dispute from report to settlement, seen at every level', async () => {
    await office.openGrid(GRID, '东风路一网格');
    const mediator = await office.appoint('MEDIATOR', '430502', '李调解');
    const { id, parties } = await office.report(GRID);
    const [first, second] = parties;
    await office.consent(id, first!.id);
    expect(await office.consent(id, second!.id)).toMatchObject({ status: 'ACCEPTED' });
    expect(await office.assign(id, mediator.holder)).toMatchObject({ status: 'ASSIGNED' });
    for (const code of [GRID, VILLAGE, '430502', '4305']) {
      const { area } = await supervisor.data<{ area: AreaAnswer }>(ONE_VIEW, { code });
      expect(area.disputes.nodes).toMatchObject([
        { id, type: 'NEIGHBOURS', status: 'ASSIGNED', mediator: { id: mediator.holder } },
      ]);
      expect(area.disputes.nodes[0]!.dueAt).toBe(dueDate(30));
    }
    expect(await office.session(id)).toMatchObject({ status: 'MEDIATING' });
    const settled = await office.settle(id, [first!.id, second!.id]);
    expect(settled).toMatchObject({ status: 'SETTLED' });
    const { area } = await supervisor.data<{ area: AreaAnswer }>(ONE_VIEW, { code: GRID });
    expect(area.disputes.totalCount).toBe(0);
  });

  it('gives the disputes of a released mediator back, and tells whose they were', async () => {
    const mediator = await office.appoint('MEDIATOR', VILLAGE, '王调解');
    const { id } = await office.accepted(GRID);
    await office.assign(id, mediator.holder);
    await office.release(mediator.post, '调离岗位');
    const returned = await office.until(id, ({ status }) => status === 'ACCEPTED');
    expect(returned.mediator).toBeNull();
    expect(returned.returns).toEqual([{ mediator: { id: mediator.holder } }]);
    const again = await office.asked('assignMediator', {
      disputeId: id,
      mediatorId: mediator.holder,
    });
    expect(again.codes).toEqual(['MEDIATOR_RELEASED']);
    const successor = await office.appoint('MEDIATOR', VILLAGE, '赵调解');
    expect(await office.assign(id, successor.holder)).toMatchObject({ status: 'ASSIGNED' });
  });

  it('stops at one party’s refusal and keeps the routes that the parties were told of', async () => {
    const { id, parties } = await office.report(GRID);
    const refusal = { disputeId: id, partyId: parties[0]!.id, routesTold: ['COURT'] };
    const { dispute } = await office.done('refuseMediation', refusal);
    expect(dispute).toMatchObject({ status: 'NOT_ACCEPTED', routesTold: ['COURT'] });
    const late = await office.asked('giveConsent', { disputeId: id, partyId: parties[1]!.id });
    expect(late.codes).toEqual(['DISPUTE_CLOSED']);
  });

  it('records a repeated command once, and refuses its id for another request', async () => {
    const commandId = '0192f0c1-2b3c-7def-8abc-1234567890ab';
    const once = await office.report(GRID, { commandId });
    const twice = await office.report(GRID, { commandId });
    expect(twice).toEqual(once);
    const other = await office.asked('reportDispute', {
      ...office.reportInput(GRID),
      commandId,
      facts: '另一件事',
    });
    expect(other.codes).toEqual(['COMMAND_ID_REUSED']);
  });
});

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly code: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface AreaAnswer {
  readonly disputes: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly dueAt: string }[];
  };
}
