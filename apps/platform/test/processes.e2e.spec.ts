import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.js';
import { Office } from './office.js';
import { Running } from './process.js';

const VILLAGE = '430502001001';
const GRID = `${VILLAGE}001`;

let dataDir: string;
const running: Running[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-'));
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function start(program: string, env: Record<string, string> = {}, args: string[] = []): Running {
  const started = Running.start(program, { DATA_DIR: dataDir, PORT: '0', ...env }, args);
  running.push(started);
  return started;
}

async function token(role = 'supervisor', area = '4305'): Promise<string> {
  const printed = start('platform/src/token', {}, ['--role', role, '--area', area]);
  expect(await printed.exit()).toBe(0);
  return printed.output().trim();
}

async function officeAt(platform: Running): Promise<Office> {
  return new Office(new Client(await platform.url(), await token()));
}

describe('the platform as a process', () => {
  it('loses and doubles nothing when it is killed in the middle of the work', async () => {
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 4; round += 1) {
      const platform = start('platform/src/main');
      const office = await officeAt(platform);
      await office.asked('openGrid', { code: GRID, name: '东风路一网格' });
      // What was answered before the kill is there, and asking again records nothing more.
      for (const [commandId, id] of acknowledged) {
        expect((await office.report(GRID, { commandId })).id).toBe(id);
      }
      const ends = new Promise((resolve) => setTimeout(resolve, 150 + 100 * round)).then(() =>
        platform.end('SIGKILL'),
      );
      await reportUntilItEnds(office, acknowledged);
      await ends;
    }
    expect(acknowledged.size).toBeGreaterThan(10);
    const office = await officeAt(start('platform/src/main'));
    const known = await office.openDisputes(GRID);
    const ids = new Set(known.map(({ id }) => id));
    for (const id of acknowledged.values()) expect(ids.has(id)).toBe(true);
    // Each kill may have cost the answer to one command that was recorded, and no more.
    expect(known.length - acknowledged.size).toBeLessThanOrEqual(4 * CALLERS);
  }, 60_000);

  it('brings what one service owes another to its end after a kill, once', async () => {
    const platform = start('platform/src/main');
    const office = await officeAt(platform);
    await office.openGrid(GRID, '东风路一网格');
    const mediator = await office.appoint('MEDIATOR', VILLAGE, '李调解');
    const disputes: string[] = [];
    for (let count = 0; count < 15; count += 1) {
      const { id } = await office.accepted(GRID);
      await office.assign(id, mediator.holder);
      disputes.push(id);
    }
    await office.release(mediator.post, '调离岗位');
    await platform.end('SIGKILL');
    const again = await officeAt(start('platform/src/main'));
    for (const id of disputes) {
      const { returns } = await again.until(id, ({ status }) => status === 'ACCEPTED');
      expect(returns).toEqual([{ mediator: { id: mediator.holder } }]);
    }
  }, 60_000);

  it('ends on SIGINT and SIGTERM with code 0 and finds everything as it was left', async () => {
    const first = start('platform/src/main');
    const { id } = await (async () => {
      const office = await officeAt(first);
      await office.openGrid(GRID, '东风路一网格');
      return office.report(GRID);
    })();
    expect(await first.end('SIGINT')).toBe(0);
    const second = start('platform/src/main');
    expect(await (await officeAt(second)).dispute(id)).toMatchObject({ status: 'CONSENT_PENDING' });
    expect(second.output()).not.toMatch(/recorded/);
    expect(await second.end('SIGTERM')).toBe(0);
  }, 30_000);

  it('gives no token where no platform was ever started', async () => {
    const asked = start('platform/src/token', {}, ['--role', 'reader', '--area', '4305']);
    expect(await asked.exit()).toBe(1);
    expect(lastLine(asked)).toMatch(/^token: DATA_DIR .* holds no platform yet: npm start/);
  });

  it('keeps the key that signs tokens to its owner', async () => {
    await start('platform/src/main').url();
    expect(statSync(join(dataDir, 'token-key.pem')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['HOST', 'not a host'],
    ['DATA_DIR', ''],
    ['MEDIATION_DAYS', '0'],
  ])('names the wrong setting %s=%s in one line', async (name, value) => {
    const platform = start('platform/src/main', { [name]: value });
    expect(await platform.exit()).toBe(1);
    expect(platform.output()).toMatch(new RegExp(`^platform: ${name} .*\\n$`));
  });

  it('says in one line that its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const platform = start('platform/src/main', { PORT: String(port) });
    expect(await platform.exit()).toBe(1);
    server.close();
    expect(lastLine(platform)).toMatch(/^platform: PORT: .*in use.*set another PORT$/);
  });

  it('says everything in JSON when it is told to, also why it ends', async () => {
    const platform = start('platform/src/main', { LOG_FORMAT: 'json' });
    await platform.url();
    const second = start('platform/src/main', { LOG_FORMAT: 'json' });
    expect(await second.exit()).toBe(1);
    for (const line of [platform, second].flatMap((each) => each.output().trim().split('\n'))) {
      expect(JSON.parse(line)).toMatchObject({ process: 'platform', msg: expect.any(String) });
    }
    expect(lastLine(second)).toMatch(/in use by another running process/);
  }, 30_000);

  it('says in one line that another process has the data folder', async () => {
    await start('platform/src/main').url();
    const second = start('platform/src/main');
    expect(await second.exit()).toBe(1);
    expect(lastLine(second)).toMatch(/^platform: .*in use by another running process/);
  }, 30_000);
});

describe('the services as processes of their own', () => {
  it('answer the one view and take their own commands', async () => {
    // Events do not pass between processes yet: what mediation must know was heard before.
    const platform = start('platform/src/main');
    await (await officeAt(platform)).openGrid(GRID, '东风路一网格');
    const { id } = await (await officeAt(platform)).report(GRID);
    await platform.end('SIGTERM');
    const registry = start('grid-registry/src/main');
    const mediation = start('mediation/src/main');
    const volunteers = start('volunteers/src/main');
    const inspections = start('inspections/src/main');
    const gateway = start('gateway/src/main', {
      REGISTRY_URL: await registry.url(),
      MEDIATION_URL: await mediation.url(),
      VOLUNTEERS_URL: await volunteers.url(),
      INSPECTIONS_URL: await inspections.url(),
    });
    const client = new Client(await gateway.url(), await token());
    const office = new Office(client);
    await office.done('renameGrid', { code: GRID, name: '新名' });
    const mediator = await office.appoint('MEDIATOR', VILLAGE, '李调解');
    const second = await office.report(GRID);
    const shop = { grid: GRID, kind: 'SHOP', name: '便民店' };
    const { record: place } = await office.done('registerPlace', shop);
    const { area } = await client.data<{ area: object }>(
      `{ area(code: "${VILLAGE}") { children { nodes { code name } }
         posts { id holder { id name } } disputes(status: OPEN) { nodes { id grid { name } } }
         patrols { totalCount } places { nodes { id } } } }`,
    );
    expect(area).toEqual({
      children: { nodes: [{ code: GRID, name: '新名' }] },
      posts: [{ id: mediator.post, holder: { id: mediator.holder, name: '李调解' } }],
      disputes: {
        nodes: [
          { id, grid: { name: '新名' } },
          { id: second.id, grid: { name: '新名' } },
        ],
      },
      patrols: { totalCount: 0 },
      places: { nodes: [{ id: place.id }] },
    });
    expect((await office.asked('openGrid', { code: GRID, name: '甲' })).codes).toEqual([
      'GRID_ALREADY_OPEN',
    ]);
    const all = [registry, mediation, volunteers, inspections, gateway];
    for (const each of all) expect(each.output()).toMatch(/events/);
    const anonymous = new Client(await registry.url(), undefined);
    expect((await anonymous.ask('{ __typename }')).codes).toEqual(['UNAUTHENTICATED']);
  }, 60_000);

  it('show the rest of the one view while a service is down', async () => {
    const registry = start('grid-registry/src/main');
    const gateway = start('gateway/src/main', {
      REGISTRY_URL: await registry.url(),
      MEDIATION_URL: 'http://127.0.0.1:9/graphql',
    });
    const client = new Client(await gateway.url(), await token());
    const { data, codes } = await client.ask(
      '{ area(code: "4305") { name disputes { totalCount } } }',
    );
    expect(data).toEqual({ area: { name: '邵阳市', disputes: null } });
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
  }, 30_000);
});

const CALLERS = 4;

/** Several callers report disputes under ids of their own until nobody answers any more. */
async function reportUntilItEnds(office: Office, acknowledged: Map<string, string>): Promise<void> {
  const caller = async (): Promise<void> => {
    for (let count = 0; count < 1000; count += 1) {
      const commandId = crypto.randomUUID();
      const answer = await office.report(GRID, { commandId }).catch(() => undefined);
      if (answer === undefined) return;
      acknowledged.set(commandId, answer.id);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

function lastLine(program: Running): string | undefined {
  return program.output().trimEnd().split('\n').at(-1);
}
