import { readFileSync } from 'node:fs';
import kafkajs, { type AclEntry } from 'kafkajs';
import { ADMIN, type KafkaSecurity } from './kafka-security.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel } = kafkajs;
const { ResourcePatternTypes } = kafkajs;

/** Whose topics these are, and how they are made. */
export interface Installation {
  readonly name: string;
  readonly services: readonly string[];
  readonly partitions: number;
}

/** The name of a service's topic, as docs/kafka.md states it. */
export function topicName({ name }: Installation, service: string): string {
  return `${name}.${service}.v1`;
}

/**
 * Makes the topics and lets each service, which signs in under its own name, write to its own topic
 * alone and read those of the others: what the job of deploy/kubernetes does.
 */
export async function giveRights(
  url: string,
  security: KafkaSecurity,
  installation: Installation,
): Promise<void> {
  const { services, partitions: numPartitions } = installation;
  const admin = adminAt(url, security);
  await admin.connect();
  try {
    const topics = services.map((service) => ({
      topic: topicName(installation, service),
      numPartitions,
      replicationFactor: 1,
    }));
    await admin.createTopics({ topics, waitForLeaders: true });
    const acl = services.flatMap((service) => rightsOf(installation, service));
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}

/** Gives a right, or takes it away. */
export async function changeRight(
  { url, security }: { readonly url: string; readonly security: KafkaSecurity },
  work: 'give' | 'take',
  entry: AclEntry,
): Promise<void> {
  const admin = adminAt(url, security);
  await admin.connect();
  if (work === 'give') await admin.createAcls({ acl: [entry] });
  else await admin.deleteAcls({ filters: [entry] });
  await admin.disconnect();
}

/** What the user of a service may do, and nothing else. */
export function rightsOf(installation: Installation, service: string): AclEntry[] {
  const { WRITE, READ, DESCRIBE, DESCRIBE_CONFIGS } = AclOperationTypes;
  const { TOPIC, GROUP } = AclResourceTypes;
  const right = (
    resourceType: AclEntry['resourceType'],
    resourceName: string,
    operation: AclEntry['operation'],
  ): AclEntry => ({
    principal: `User:${service}`,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    ...{ resourceType, resourceName, operation },
  });
  const topics = installation.services.flatMap((each) => {
    const topic = topicName(installation, each);
    const operations = [each === service ? WRITE : READ, DESCRIBE, DESCRIBE_CONFIGS];
    return operations.map((operation) => right(TOPIC, topic, operation));
  });
  return [...topics, right(GROUP, `${installation.name}.${service}`, READ)];
}

function adminAt(url: string, { ca, users }: KafkaSecurity) {
  const kafka = new Kafka({
    brokers: [url.replace('kafka+tls://', '')],
    logLevel: logLevel.NOTHING,
    ssl: { ca: readFileSync(ca, 'utf8') },
    sasl: { mechanism: 'scram-sha-512', username: ADMIN, password: users[ADMIN] ?? '' },
  });
  return kafka.admin();
}
