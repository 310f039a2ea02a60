import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Broker, openKafka } from '#libs/event-bus';
import { SystemClock } from '#libs/scheduler';
import { Running } from '../../apps/platform/test/process.ts';
import { startKafka } from './kafka.ts';
import { changeRight, giveRights, type Installation, rightsOf, topicName } from './kafka-rights.ts';
import type { KafkaSecurity } from './kafka-security.ts';
import { LeftOut } from './left-out.ts';
import { SecuredPair } from './secured-pair.ts';
import type { Server } from './server.ts';

const LIMIT_MS = 90_000;
const SERVICES = ['grid-registry', 'mediation'];
const house = (name: string): Installation => ({ name, services: SERVICES, partitions: 3 });
const HOUSE = house('secured.house');
const REGISTRY_TOPIC = topicName(HOUSE, 'grid-registry');

let dir: string;
const pairs: SecuredPair[] = [];
let server: Server | undefined;
let security: KafkaSecurity;
let ca: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-secured-'));
  try {
    const kafka = await startKafka({ dir: join(dir, 'kafka'), users: [...SERVICES, 'nobody'] });
    server = kafka;
    security = kafka.security!;
    ca = readFileSync(security.ca, 'utf8');
    await giveRights(kafka.url, security, HOUSE);
  } catch (error) {
    // `npm test` says what it left out: scripts/test-servers.spec.ts.
    if (!(error instanceof LeftOut) || process.env['REQUIRE_SERVERS'] === '1') throw error;
  }
}, LIMIT_MS);
afterEach(async () => {
  for (const pair of pairs.splice(0)) await pair.stop();
});
afterAll(async () => {
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
}, LIMIT_MS);

/** Runs on a real broker, or not at all. */
function onKafka(title: string, run: (server: Server) => Promise<void>): void {
  test(title, async () => (server === undefined ? undefined : run(server)), LIMIT_MS);
}

interface Signing {
  readonly user?: string | undefined;
  readonly password?: string;
  readonly tls?: 'trusted' | 'unknown' | 'none';
}

function brokerAs({ user, password, tls = 'trusted' }: Signing): Broker {
  const secret = password ?? security.users[user ?? ''] ?? '';
  return openKafka({
    brokers: [server!.url.replace('kafka+tls://', '')],
    client: 'spec',
    topics: { partitions: 3, replicas: 1, retentionDays: 7 },
    scheduler: new SystemClock(),
    ...(tls === 'trusted' && { tls: { ca } }),
    ...(tls === 'unknown' && { tls: {} }),
    ...(user !== undefined && {
      user: { mechanism: 'scram-sha-512', username: user, password: secret },
    }),
  });
}

const message = { partition: 0, key: 'k', headers: {}, value: '{}' };

describe('a broker that wants TLS, a sign-in and rights', () => {
  onKafka('carries events from a relay to a consumer', async () => {
    const pair = await startedPair(HOUSE);
    await untilItFollows(pair);
    const asked = pair.asked;
    const grids = [await pair.openGrid(), await pair.openGrid(), await pair.openGrid()];
    await until(() => grids.every((grid) => pair.heard.includes(grid)));
    expect(pair.asked).toBe(asked);
    expect(pair.faults).toEqual({ registry: [], mediation: [] });
  });

  test.each<[string, Signing, RegExp]>([
    [
      'a wrong password',
      { user: 'grid-registry', password: 'guessed' },
      /^the brokers refuse BUS_USER grid-registry: set BUS_USER, BUS_PASSWORD and BUS_SCRAM right/,
    ],
    [
      'an unknown user',
      { user: 'somebody', password: 'x' },
      /^the brokers refuse BUS_USER somebody/,
    ],
    ['no sign-in', {}, /^the brokers closed the connection: they may want a sign-in \(BUS_USER\)$/],
    [
      'no TLS',
      { user: 'grid-registry', tls: 'none' },
      /^the brokers closed the connection: they may want TLS \(kafka\+tls:\/\/ in BUS_URL\)$/,
    ],
    [
      'a certificate that is not known',
      { user: 'grid-registry', tls: 'unknown' },
      /^the certificate of the brokers is not trusted: BUS_CA has to name a file/,
    ],
    [
      'another’s topic',
      { user: 'mediation' },
      /^BUS_USER mediation lacks the right to Write on secured\.house\.grid-registry\.v1: see Rights/,
    ],
    [
      'a topic that is not shown',
      { user: 'nobody' },
      /^BUS_USER nobody lacks the right to Describe, or to Create on secured\.house\.grid/,
    ],
  ])(
    '%s is refused, and it is said what to do',
    async (_, signing, told) => {
      if (server === undefined) return;
      const broker = brokerAs(signing);
      const work = broker
        .openTopic(REGISTRY_TOPIC)
        .then(() => broker.send(REGISTRY_TOPIC, [message]));
      await expect(work).rejects.toMatchObject({
        code: 'BROKER_REFUSED',
        message: expect.stringMatching(told),
      });
      await broker.close();
    },
    LIMIT_MS,
  );

  onKafka(
    'of a right that is missing it is told; events come by the feed until it is there',
    async ({ url }) => {
      const other = house('secured.other');
      await giveRights(url, security, other);
      const at = { url, security };
      const topic = topicName(other, 'grid-registry');
      const group = rightTo(other, 'mediation', 'secured.other.mediation');
      const read = rightTo(other, 'mediation', topic);
      const write = rightTo(other, 'grid-registry', topic);
      for (const right of [write, read, group]) await changeRight(at, 'take', right);
      const pair = await startedPair(other);
      const first = await pair.openGrid();
      await until(() => pair.heard.includes(first));
      const wanted = {
        registry:
          'BUS_USER grid-registry lacks the right to Write on secured.other.grid-registry.v1',
        group: 'BUS_USER mediation lacks the right to Read on the group secured.other.mediation',
        topic: 'BUS_USER mediation lacks the right to Read on secured.other.grid-registry.v1',
      };
      await until(() => tellOf(pair.faults.registry, wanted.registry));
      await until(() => tellOf(pair.faults.mediation, wanted.group));
      await changeRight(at, 'give', group);
      await until(() => tellOf(pair.faults.mediation, wanted.topic));
      await changeRight(at, 'give', read);
      await changeRight(at, 'give', write);
      await untilItFollows(pair);
      expect(new Set(pair.heard).size).toBe(pair.heard.length);
    },
  );
});

describe('a service whose password is wrong', () => {
  onKafka('says so, serves, and is heard by Kafka once it is right', async ({ url }) => {
    const env = {
      DATA_DIR: join(dir, 'data'),
      PORT: '0',
      INSTALLATION: HOUSE.name,
      BUS_URL: url,
      BUS_CA: security.ca,
      BUS_USER: 'grid-registry',
    };
    const wrong = Running.start('grid-registry/src/main', { ...env, BUS_PASSWORD: 'guessed' });
    const address = await wrong.url();
    await until(() => wrong.output().includes('the brokers refuse BUS_USER grid-registry'));
    const health = await fetch(new URL('/healthz', address));
    expect(health.status).toBe(200);
    expect(await wrong.end('SIGTERM')).toBe(0);
    const following = followedBy('mediation');
    await until(() => following.isLive());
    const password = security.users['grid-registry'] ?? '';
    const right = Running.start('grid-registry/src/main', { ...env, BUS_PASSWORD: password });
    await right.url();
    await until(() => following.came() > 0);
    expect(right.output()).not.toContain('refuse');
    await following.stop();
    expect(await right.end('SIGTERM')).toBe(0);
  });
});

function followedBy(user: string) {
  const broker = brokerAs({ user });
  let count = 0;
  const following = broker.follow({
    topics: [REGISTRY_TOPIC],
    group: `${HOUSE.name}.${user}`,
    onMessages: (_topic, _partition, messages) => void (count += messages.length),
    onFault: () => undefined,
  });
  return {
    came: () => count,
    isLive: () => following.isLive,
    stop: async () => {
      await following.stop();
      await broker.close();
    },
  };
}

/** The registry and mediation, each as its own user. */
async function startedPair({ name: installation }: Installation): Promise<SecuredPair> {
  const registry = brokerAs({ user: 'grid-registry' });
  const mediation = brokerAs({ user: 'mediation' });
  const pair = new SecuredPair({ dir, installation, brokers: { registry, mediation } });
  pairs.push(pair);
  await pair.start();
  return pair;
}

/** The first right of a service on this: to read or to write it. */
function rightTo(installation: Installation, service: string, name: string) {
  const found = rightsOf(installation, service).find(({ resourceName }) => resourceName === name);
  if (found === undefined) throw new Error(`${service} has no right on ${name}`);
  return found;
}

function tellOf(faults: readonly string[], told: string): boolean {
  return faults.some((fault) => fault.startsWith(told));
}

/** Until what is recorded comes without asking. */
async function untilItFollows(pair: SecuredPair): Promise<void> {
  await until(async () => {
    const { asked } = pair;
    const grid = await pair.openGrid();
    await until(() => pair.heard.includes(grid));
    return pair.asked === asked;
  });
}

/** @throws Error after 30 s */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come about within 30 s');
    await delay(50);
  }
}
