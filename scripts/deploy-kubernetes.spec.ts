import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openTokenKey } from '../libs/access/src/index.ts';
import { type ProcessName, readSettings } from '../libs/service/src/settings.ts';
import { BUILD_MS, goPrograms, type GoPrograms, type Parsed } from './deploy/go-programs.ts';
import { unknownSettings } from './deploy/known-settings.ts';
import { root } from './temporary-tree.ts';

const FOLDERS = ['deploy/kubernetes/base', 'deploy/kubernetes/overlays/production'];
/** Secrets that an operator makes; nothing in the repository holds one. */
const SECRETS = ['fengqiao-bus', 'fengqiao-database', 'fengqiao-tls', 'fengqiao-token-key'];
const PROCESSES = ['gateway', 'grid-registry', 'inspections', 'mediation', 'volunteers'];

interface Judged {
  readonly problems: readonly string[];
  readonly objects: readonly Parsed[];
}

let run: GoPrograms | undefined;

beforeAll(async () => {
  run = await goPrograms();
}, BUILD_MS + 10_000);

async function judged(folder: string): Promise<Judged> {
  const [found] = ((await run?.('kubernetes', [folder])) as [Judged] | undefined) ?? [];
  return found ?? { problems: [], objects: [] };
}

const nameOf = ({ kind, metadata }: Parsed): string => `${kind} ${metadata.name}`;
const isIn = (labels: Readonly<Record<string, string>>, selector: object): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

/** Every value under a key of this name, anywhere in an object. */
function valuesOf(object: unknown, key: string): readonly unknown[] {
  if (typeof object !== 'object' || object === null) return [];
  return Object.entries(object).flatMap(([name, value]) => [
    ...(name === key ? [value as unknown] : []),
    ...valuesOf(value, key),
  ]);
}

describe.each(FOLDERS)('%s', (folder) => {
  let all: readonly Parsed[] = [];
  let problems: readonly string[] = [];
  const of = (...kinds: readonly string[]) => all.filter(({ kind }) => kinds.includes(kind));
  const makers = () => of('Deployment', 'StatefulSet', 'Job');
  const podsOf = ({ spec }: Parsed) => spec.template;

  beforeAll(async () => {
    ({ problems, objects: all } = await judged(folder));
  });

  test('is built, and an API server takes every object, in a restricted namespace', () => {
    expect(problems).toEqual([]);
  });

  test('runs every process, and makes the topics', () => {
    if (run === undefined) return;
    const names = [...PROCESSES, 'topics'].sort();
    expect(
      makers()
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(names);
  });

  test('starts what the build makes, with settings that the process takes', () => {
    const settings = of('ConfigMap').find(({ data }) => 'INSTALLATION' in data)?.data ?? {};
    for (const maker of of('Deployment', 'StatefulSet')) {
      const [{ args, env = [] }] = podsOf(maker).spec.containers;
      const [, app = ''] = /^dist\/apps\/([\w-]+)\/src\/main\.js$/.exec(args[0]) ?? [];
      expect(existsSync(join(root, `apps/${app}/src/main.ts`))).toBe(true);
      const names = [...Object.keys(settings), ...env.map(({ name }: Parsed) => name)];
      expect(unknownSettings(names)).toEqual([]);
      expect(readSettings(app as ProcessName, settings).host).toBe('0.0.0.0');
    }
  });

  test('asks each process whether it lives and is ready, and limits it', () => {
    for (const maker of of('Deployment', 'StatefulSet')) {
      const [{ livenessProbe, readinessProbe, startupProbe, resources, image }] =
        podsOf(maker).spec.containers;
      expect(livenessProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
      expect(readinessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(startupProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
      expect(resources).toMatchObject({ requests: { memory: expect.any(String) } });
      expect(resources.limits).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
      expect(image).toMatch(/:\d+\.\d+\.\d+$/);
    }
  });

  test('gives no container more than it needs', () => {
    for (const { spec } of makers().map(podsOf)) {
      expect(spec.automountServiceAccountToken).toBe(false);
      for (const { securityContext, image } of spec.containers) {
        expect(securityContext.readOnlyRootFilesystem).toBe(true);
        expect(image).toMatch(/:\d+\.\d+\.\d+$/);
      }
    }
    expect(of('ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding')).toEqual([]);
  });

  test('holds no secret, and refers to those that an operator makes', () => {
    expect(of('Secret')).toEqual([]);
    const named = [
      ...valuesOf(all, 'secretKeyRef').map((ref: Parsed) => ref.name),
      ...valuesOf(all, 'secretName'),
    ];
    for (const name of named) expect(SECRETS).toContain(name);
  });

  test('refers to nothing that is not there', () => {
    const maps = of('ConfigMap').map(({ metadata }) => metadata.name);
    const named = [...valuesOf(all, 'configMapRef'), ...valuesOf(all, 'configMap')];
    for (const { name } of named as Parsed[]) expect(maps).toContain(name);
    const labels = makers().map((maker) => podsOf(maker).metadata.labels);
    for (const object of of('Service', 'PodDisruptionBudget', 'NetworkPolicy')) {
      const selector = object.spec.podSelector ?? object.spec.selector;
      const wanted = selector.matchLabels ?? (object.kind === 'Service' ? selector : {});
      const found = labels.filter((each) => isIn(each, wanted));
      expect([nameOf(object), found.length > 0]).toEqual([nameOf(object), true]);
      for (const { key, values } of selector.matchExpressions ?? []) {
        for (const value of values) expect(labels.map((each) => each[key])).toContain(value);
      }
    }
  });

  test('keeps an eviction from taking every pod of a process', () => {
    const budgets = of('PodDisruptionBudget').map(({ metadata }) => metadata.name);
    if (run !== undefined) expect([...budgets].sort()).toEqual(PROCESSES);
  });

  test('lets nothing through that no policy names', () => {
    const [first] = of('NetworkPolicy');
    if (run === undefined) return;
    expect(first.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const { spec } of of('NetworkPolicy')) {
      for (const { from } of spec.ingress ?? []) expect(from).not.toEqual([]);
    }
  });
});

test('the topics have the names and the shape that docs/kafka.md states', () => {
  const script = readFileSync(join(root, 'deploy/kubernetes/base/topics.sh'), 'utf8');
  const env = {
    PATH: process.env.PATH,
    INSTALLATION: 'grid.example.org/4305',
    BUS_URL: 'kafka+tls://one.example.org:9093,two.example.org:9093',
    BUS_PARTITIONS: '6',
    BUS_REPLICAS: '3',
    BUS_RETENTION_DAYS: '7',
  };
  const told = script.replaceAll(/\/opt\/kafka\/bin\/kafka-(topics|acls)\.sh/g, 'echo $1');
  const lines = execFileSync('bash', ['--norc', '-c', told], { env, encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(lines.filter((line) => line.startsWith('topics '))).toHaveLength(4);
  expect(lines[1]).toBe(
    'topics --bootstrap-server one.example.org:9093,two.example.org:9093 ' +
      '--command-config /etc/fengqiao/bus/client.properties --create --if-not-exists ' +
      '--topic grid.example.org.4305.mediation.v1 --partitions 6 --replication-factor 3 ' +
      '--config cleanup.policy=delete --config retention.ms=604800000',
  );
  const rights = lines
    .filter((line) => line.startsWith('acls ') && line.includes('User:mediation'))
    .map((line) => line.replace(/^.*User:mediation /, ''));
  const topic = (service: string): string => `--topic grid.example.org.4305.${service}.v1`;
  const others = ['grid-registry', 'volunteers', 'inspections'].map(topic).join(' ');
  expect(rights).toEqual([
    `--operation Write --operation Describe --operation DescribeConfigs ${topic('mediation')}`,
    `--operation Read --operation Describe --operation DescribeConfigs ${others}`,
    '--operation Read --group grid.example.org.4305.mediation',
  ]);
});

test('the command of the page makes a key of tokens', () => {
  const page = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
  const [command = ''] = /^\(umask.+token-key\.pem\)$/m.exec(page) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-key-'));
  execFileSync('bash', ['--norc', '-c', command], { cwd: folder });
  expect(statSync(join(folder, 'token-key.pem')).mode & 0o777).toBe(0o600);
  expect(openTokenKey(folder).publicKey.asymmetricKeyType).toBe('ed25519');
  rmSync(folder, { recursive: true });
});

describe('a mistake is found', () => {
  test.each([
    [
      'a field that does not exist',
      'process-patch.yaml',
      'enableServiceLinks',
      'enableLinks',
      'unknown field',
    ],
    [
      'a pod that is root',
      'process-patch.yaml',
      'runAsNonRoot: true',
      'runAsNonRoot: false',
      'not restricted',
    ],
    [
      'a selector that does not fit',
      'gateway.yaml',
      'matchLabels:\n      app.kubernetes.io/name: gateway\n  strategy',
      'matchLabels:\n      app.kubernetes.io/name: gate\n  strategy',
      'selector',
    ],
    ['a port that is none', 'mediation.yaml', 'port: 4000', 'port: 400000', 'spec.ports'],
    [
      'a number of the wrong kind',
      'service-patch.yaml',
      'replicas: 1',
      'replicas: one',
      'replicas',
    ],
    [
      'a file that is missing',
      'kustomization.yaml',
      '- network.yaml',
      '- networks.yaml',
      'networks.yaml',
    ],
  ])('%s', async (_what, file, right, wrong, found) => {
    const folder = mkdtempSync(join(tmpdir(), 'fengqiao-kustomize-'));
    cpSync(join(root, 'deploy/kubernetes/base'), folder, { recursive: true });
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toContain(right);
    writeFileSync(join(folder, file), text.replace(right, wrong));
    const { problems } = await judged(folder);
    rmSync(folder, { recursive: true });
    if (run !== undefined) expect(problems.join('\n')).toContain(found);
  });
});
