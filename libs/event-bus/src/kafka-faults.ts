/** What a fault is explained by, beside itself. */
export interface KafkaCircumstances {
  readonly isTls: boolean;
  /** As whom this process signs in. */
  readonly user?: string | undefined;
}

/** What was being done: the right that it needs, in Kafka's words, and on what. */
export interface KafkaWork {
  readonly right: string;
  readonly topics: readonly string[];
  readonly group?: string;
}

/** The brokers refuse what is asked of them: whoever runs the installation has to put it right. */
export class BrokerRefused extends Error {
  readonly code = 'BROKER_REFUSED';
}

/** What kafkajs throws, as far as it is looked at. */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

const DEPTH_MAX = 5;
/** What Node says when the other side hangs up on the first words of TLS. */
const NO_TLS = 'before secure TLS connection was established';
const RIGHTS = 'see Rights in docs/kafka.md';

/**
 * What is to be done about a fault, where that can be told; else the fault itself. kafkajs says
 * `Closed connection` to who has forgotten TLS, and of a right that is missing not on what.
 */
export function explained(error: unknown, at: KafkaCircumstances, work: KafkaWork): unknown {
  for (const thrown of chainOf(error)) {
    const advice = adviceOn(thrown, at, work);
    if (advice !== undefined) return new BrokerRefused(advice, { cause: error });
  }
  return error;
}

function adviceOn(
  { name, message, type, code }: Thrown,
  { isTls, user }: KafkaCircumstances,
  { right, topics, group }: KafkaWork,
): string | undefined {
  const [text, kind] = [String(message), String(code)];
  const who = user === undefined ? 'who signs in as nobody' : `BUS_USER ${user}`;
  if (name === 'KafkaJSSASLAuthenticationError') {
    return `the brokers refuse ${who}: set BUS_USER, BUS_PASSWORD and BUS_SCRAM right (${text})`;
  }
  if (kind === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the brokers show a certificate for other names than BUS_URL has: ${text}`;
  }
  if (/CERT|UNABLE_TO_(?:GET|VERIFY)/.test(kind)) {
    return `the certificate of the brokers is not trusted: BUS_CA has to name a file with it, or with the one that signed it (${kind})`;
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(kind) || text.includes(NO_TLS)) {
    return 'the brokers do not speak TLS at this port: BUS_URL may have to begin with kafka://';
  }
  if (type === 'TOPIC_AUTHORIZATION_FAILED' || text.startsWith('Not authorized to access topics')) {
    return `${who} lacks the right to ${right} on ${topics.join(', or ')}: ${RIGHTS}`;
  }
  if (name === 'KafkaJSGroupCoordinatorNotFound' || type === 'GROUP_AUTHORIZATION_FAILED') {
    return `${who} lacks the right to Read on the group ${group}, or the brokers are still starting: ${RIGHTS}`;
  }
  if (name === 'KafkaJSConnectionClosedError' && (!isTls || user === undefined)) {
    const wanted = isTls ? 'a sign-in (BUS_USER)' : 'TLS (kafka+tls:// in BUS_URL)';
    return `the brokers closed the connection: they may want ${wanted}`;
  }
  return undefined;
}

/** The error, its causes, and what an aggregate is made of. */
function chainOf(error: unknown): readonly Thrown[] {
  const chain: Thrown[] = [];
  let level: readonly unknown[] = [error];
  for (let depth = 0; depth < DEPTH_MAX && level.length > 0; depth += 1) {
    const thrown = level.filter(
      (each): each is Thrown => typeof each === 'object' && each !== null,
    );
    chain.push(...thrown);
    level = thrown.flatMap(({ cause, errors = [] }) => [cause, ...errors]);
  }
  return chain;
}
