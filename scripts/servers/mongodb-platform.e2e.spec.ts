import { run } from '../../apps/auditor/test/run-command.js';
import { startPlatform, type TestPlatform } from '../../apps/platform/test/client.js';
import { Office } from '../../apps/platform/test/office.js';
import { SystemClock } from '#libs/scheduler';
import { mongoFixture } from './mongodb-fixture.ts';

const GRID = '430502001001001';
const fixture = await mongoFixture();
let platform: TestPlatform | undefined;

afterAll(async () => {
  await platform?.close();
  await fixture?.close();
});

(fixture === undefined ? describe.skip : describe)('the platform on MongoDB', () => {
  it('tells its services of each other, and an auditor finds nothing', async () => {
    if (fixture === undefined) return;
    const url = fixture.server.url.replace('/fengqiao', '/e2e');
    platform = await startPlatform(new SystemClock(), { DATABASE_URL: url });
    const office = new Office(await platform.as('supervisor', '4305'));
    await office.openGrid(GRID, '东街网格');
    const { post, holder } = await office.appoint('MEDIATOR', '430502001', '李调解');
    const { id, parties } = await office.accepted(GRID);
    expect(parties.map(({ name }) => name)).toEqual(['张甲', '陈乙']);
    expect((await office.assign(id, holder)).mediator?.id).toBe(holder);
    // What one service hears of another: a released mediator's dispute comes back.
    await office.release(post, '调离');
    const back = await office.until(id, ({ mediator }) => mediator === null);
    expect(back.returns).toHaveLength(1);
    await platform.close();
    platform = undefined;

    const verified = await run('verify', url);
    expect([verified.code, verified.err]).toEqual([0, expect.stringContaining('copies')]);
    const differences = await run('diff', url);
    expect(differences.code).toBe(0);
    expect(differences.out).toMatch(/disputes +1 rows?, identical/);
  }, 60_000);
});
