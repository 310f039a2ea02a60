import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SystemClock } from '#libs/service';
import { type Reason, reasonLines, reasonsFor } from '../src/access-why.js';
import { COUNTY, ELSEWHERE, GRID, RightsHouse, system, VILLAGE } from './rights-house.js';

const registrar = system('registrar', COUNTY);
let house: RightsHouse;
let postId: string;

beforeAll(async () => {
  house = await RightsHouse.start();
  postId = await house.does(registrar, 'createPost', { kind: 'MEDIATOR', area: VILLAGE });
  const appointed = { postId, name: '示例甲', account: 'mediator-1' };
  await house.does(registrar, 'appointHolder', appointed);
  await house.settled();
  // Nobody asks the services anything: their views follow what they have heard by themselves.
  const behind = () => Promise.all(house.rooms.map(({ stores }) => stores.views.behind()));
  while ((await behind()).some((events) => events > 0)) await new SystemClock().sleep(50);
}, 30_000);
afterAll(() => house.close());

const why = (action: Reason['by'][0]['rule']['action'], area = GRID, account = 'mediator-1') =>
  reasonsFor(house.dataDir, { account, action, area });

it('says yes in every service, by which row and which appointment, beside running services', async () => {
  const reasons = await why('area.read');
  expect(reasons.map(({ service, answer }) => [service, answer])).toEqual(
    ['grid-registry', 'mediation', 'volunteers', 'inspections'].map((name) => [name, 'yes']),
  );
  for (const { by } of reasons) {
    expect(by).toMatchObject([
      { rule: { role: 'mediator', action: 'area.read', scope: 'area' }, grant: { area: VILLAGE } },
    ]);
    expect(by[0]!.grant.source).toMatchObject({ kind: 'appointment', post: postId });
  }
});

it('says that it depends on the record when the row says so', async () => {
  const [, mediation] = await why('dispute.read');
  expect(mediation).toMatchObject({ answer: 'some', by: [{ rule: { scope: 'assigned' } }] });
  expect(reasonLines([mediation!]).join('\n')).toContain('指派给本人或尚未指派');
});

it.each([
  ['for want of the right', 'grid.manage', GRID, 'mediator-1'],
  ['outside of the area', 'area.read', ELSEWHERE, 'mediator-1'],
  ['of somebody who holds no post', 'area.read', GRID, 'nobody-1'],
] as const)('says no %s', async (_, action, area, account) => {
  const reasons = await why(action, area, account);
  expect(reasons.map(({ answer, by }) => [answer, by])).toEqual(reasons.map(() => ['no', []]));
});

describe('npm run access', () => {
  const program = join(import.meta.dirname, '../../../dist/apps/platform/src/access.js');
  const run = (...args: readonly string[]) => runIn(house.dataDir, ...args);
  const runIn = (dataDir: string, ...args: readonly string[]) => {
    const env = { ...process.env, NODE_OPTIONS: '', DATA_DIR: dataDir };
    return spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
  };

  it('prints the table in Chinese and English', () => {
    const { stdout, status } = run('table');
    expect(status).toBe(0);
    expect(stdout).toContain('| `dispute.read` |');
    expect(stdout).toContain('人民调解员 mediator (指派给本人或尚未指派');
  });

  it('answers why, and ends with 1 when a service says no', () => {
    const asked = ['why', '--account', 'mediator-1', '--area', GRID] as const;
    const yes = run(...asked, '--action', 'area.read');
    expect([yes.status, yes.stderr]).toEqual([0, '']);
    expect(yes.stdout).toContain('mediation: 可以 yes');
    expect(yes.stdout).toContain(`by post ${postId}`);
    const no = run(...asked, '--action', 'log.read', '--json');
    expect(no.status).toBe(1);
    expect(JSON.parse(no.stdout)).toMatchObject([{ answer: 'no' }, {}, {}, {}]);
  });

  it.each([
    ['without a question', [], 'must be said. Usage:\naccess -- table\naccess -- why --account ID'],
    ['of nobody', ['why', '--action', 'area.read', '--area', '4305'], '--account is missing'],
    [
      'of an action that there is not',
      ['why', '--account', 'a', '--action', 'x', '--area', '4305'],
      '--action must be one of',
    ],
    [
      'of no area',
      ['why', '--account', 'a', '--action', 'area.read', '--area', 'x'],
      '--area must be an area code',
    ],
  ])('refuses to answer %s', (_, args, told) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(told);
  });

  it('says of a folder in which nothing was started that it holds no platform', () => {
    const asked = ['why', '--account', 'a', '--action', 'area.read', '--area', GRID] as const;
    const { status, stderr } = runIn(join(house.dataDir, 'none'), ...asked);
    expect([status, stderr]).toEqual([1, expect.stringContaining('none holds no platform yet')]);
  });
});
