import type { ConnectionOptions } from 'node:tls';
import type { Scheduler } from '#libs/scheduler';
import type { TopicShape } from './broker.js';

/** Who signs in to the brokers, by SASL/SCRAM (RFC 5802). */
export interface BrokerUser {
  readonly mechanism: 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaOptions {
  /** `HOST:PORT` of brokers to begin with. */
  readonly brokers: readonly string[];
  /** How this process names itself to the brokers. */
  readonly client: string;
  /** Absent: no TLS. */
  readonly tls?: ConnectionOptions;
  readonly user?: BrokerUser;
  readonly topics: TopicShape;
  readonly scheduler: Scheduler;
  /** Hears what of a topic that is there is other than stated, but does no harm to its events. */
  readonly onDifference?: (told: string) => void;
  /** How long a broker may take to answer; 10 s unless told. */
  readonly requestMs?: number;
}
