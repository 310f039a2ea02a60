import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  type KafkaSecurity,
  openSecurity,
  scramArguments,
  securityProperties,
} from './kafka-security.ts';
import { LeftOut } from './left-out.ts';
import {
  freePorts,
  isRunning,
  launch,
  root,
  type Server,
  serverOf,
  untilItListens,
} from './server.ts';

const VERSION = '4.1.0';
const JAVA_LEAST = 17;
const COPY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const FETCH_MS = 300_000;
const START_MS = 60_000;
/** In its command line, so that it is known again. */
const PROGRAM = 'kafka.Kafka';

export interface KafkaServerOptions {
  readonly dir: string;
  /** Who may sign in. Absent: everybody may do everything, and nothing is encrypted. */
  readonly users?: readonly string[];
}

/** A broker of our own; what guards it, if anything does. */
export interface KafkaServer extends Server {
  readonly security?: KafkaSecurity;
}

/**
 * Starts Apache Kafka as one node (KRaft) with its data in `dir`; the same data and ports when it
 * was started there before.
 *
 * @throws LeftOut when the machine has no Java or no Maven to fetch it with
 */
export async function startKafka({ dir, users }: KafkaServerOptions): Promise<KafkaServer> {
  const libs = fetchKafka();
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const security = users === undefined ? undefined : openSecurity(dir, users);
  const properties = join(dir, 'server.properties');
  if (!existsSync(properties)) {
    const [port = 0, controller = 0] = await freePorts(2);
    const text = propertiesOf({ dir, port, controller, security });
    writeFileSync(properties, text, { mode: 0o600 });
  }
  const port = Number(/^listeners=.*?:(\d+),/m.exec(readFileSync(properties, 'utf8'))?.[1]);
  if (!existsSync(join(dir, 'data', 'meta.properties'))) {
    format(libs, properties, security === undefined ? [] : scramArguments(security));
  }
  const heap = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const args = [...heap, '-cp', join(libs, '*'), PROGRAM, properties];
  const pid = await launch({ dir, name: 'kafka' }, 'java', args);
  const isAlive = (): boolean => isRunning(pid, PROGRAM);
  await untilItListens({ port, timeoutMs: START_MS, isAlive, logFile: join(dir, 'kafka.log') });
  if (security === undefined) return kafkaAt(`kafka://127.0.0.1:${port}`, pid);
  return { ...kafkaAt(`kafka+tls://127.0.0.1:${port}`, pid), security };
}

/** One that was started before. */
export function kafkaAt(url: string, pid: number): Server {
  return serverOf(url, pid, PROGRAM);
}

/** Fetches Kafka once into `.cache`, and says where it is. */
function fetchKafka(): string {
  mustHaveJava();
  const cache = join(root, '.cache');
  const libs = join(cache, `kafka-${VERSION}`);
  if (existsSync(libs)) return libs;
  if (spawnSync('mvn', ['-v']).status !== 0) throw new LeftOut('no Maven to fetch Kafka with');
  process.stderr.write(`servers: fetches Kafka ${VERSION}\n`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'kafka-'));
  try {
    const pom = join(folder, 'pom.xml');
    writeFileSync(pom, POM);
    const copied = join(folder, 'libs');
    const args = ['-q', '-B', '-f', pom, COPY_PLUGIN, `-DoutputDirectory=${copied}`];
    const { status, stdout } = spawnSync('mvn', args, { encoding: 'utf8', timeout: FETCH_MS });
    if (status !== 0) {
      throw new LeftOut(`Maven could not fetch Kafka: ${stdout.trim().split('\n', 1).join()}`);
    }
    // Whole or not at all, even if several want it at once.
    if (!existsSync(libs)) renameSync(copied, libs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return libs;
}

function mustHaveJava(): void {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (error !== undefined) throw new LeftOut('no Java to run Kafka with');
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (version < JAVA_LEAST) throw new LeftOut(`no Java ${JAVA_LEAST} to run Kafka with`);
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>fengqiao</groupId>
  <artifactId>kafka-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** One node that is broker and controller; flushed by the system, as Kafka is usually run. */
function propertiesOf({ dir, port, controller, security }: Listening): string {
  const protocol = security === undefined ? 'PLAINTEXT' : 'SASL_SSL';
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=${protocol}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=${protocol}://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=${protocol}
listener.security.protocol.map=${protocol}:${protocol},CONTROLLER:PLAINTEXT
log.dirs=${join(dir, 'data')}
auto.create.topics.enable=false
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.segment.bytes=67108864
${security === undefined ? '' : securityProperties(dir, security)}`;
}

interface Listening {
  readonly dir: string;
  readonly port: number;
  readonly controller: number;
  readonly security: KafkaSecurity | undefined;
}

function format(libs: string, properties: string, users: readonly string[]): void {
  const id = Buffer.from('fengqiao-kafka-1').toString('base64url');
  const tool = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', properties, ...users];
  const args = ['-Xmx128m', '-cp', join(libs, '*'), ...tool];
  const { status, stderr } = spawnSync('java', args, { encoding: 'utf8', timeout: START_MS });
  if (status !== 0) throw new Error(`Kafka's storage could not be made: ${stderr.slice(-500)}`);
}
