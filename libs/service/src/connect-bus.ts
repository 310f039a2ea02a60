import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { derivedKey, issueServiceToken, type TokenKey } from '#libs/access';
import { publishedEventsOf } from '#libs/contracts';
import {
  type Broker,
  EventBus,
  FEED_PATH,
  faultText,
  openKafka,
  openSqliteRelayLease,
  Relay,
  type RelayLease,
  RemoteBus,
  RepeatedFaults,
} from '#libs/event-bus';
import type { Scheduler } from '#libs/scheduler';
import type { BusSettings } from './bus-settings.js';
import type { ServiceRoom } from './service-room.js';
import type { Settings } from './settings.js';

export interface BusOptions {
  /** The process. */
  readonly name: string;
  readonly settings: Settings;
  readonly tokenKey: TokenKey;
  readonly clock: Scheduler;
}

/** 总线连接: how the services of a process hear those of others and are heard by them. */
export interface ConnectedBus {
  readonly bus: EventBus;
  /** Says in one line what carries the events. */
  readonly told: string;
  /** Begins to send what these services publish. */
  send(rooms: readonly ServiceRoom[]): void;
  close(): Promise<void>;
}

/** What the key of codes is derived for; another number is another key, and refuses all before it. */
const MESSAGE_CODES = 'message codes 1';

/** The topic of a service's events. Its number counts the shapes that a topic has had. */
export function topicOf(installation: string, service: string): string {
  return `${installation.replaceAll('/', '.')}.${service}.v1`;
}

/** Connects to nothing yet: the broker and the other services may come later, and go. */
export function connectBus(options: BusOptions): ConnectedBus {
  const { name, settings, tokenKey, clock } = options;
  const { bus: brokers, installation } = settings;
  const broker = brokers === undefined ? undefined : openBroker(brokers, options);
  const codeKey = derivedKey(tokenKey, MESSAGE_CODES);
  const remote = new RemoteBus({
    feeds: feedsOf(settings),
    token: () => issueServiceToken(tokenKey, name),
    scheduler: clock,
    ...(broker !== undefined && { broker }),
    group: `${installation.replaceAll('/', '.')}.${name}`,
    topicOf: (origin) => topicOf(installation, origin),
    codeKey,
    onFault: (error) => tell(name, error),
  });
  let relays: readonly Relay[] = [];
  return {
    bus: new EventBus(remote),
    told: brokers === undefined ? 'their feeds' : `Kafka at ${brokers.brokers.join(', ')}`,
    send: (rooms) => {
      if (broker === undefined || brokers === undefined) return;
      relays = rooms.map((room) => relayOf(room, { settings, broker, codeKey, ...brokers }));
      for (const relay of relays) relay.start();
    },
    close: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await remote.close();
      await broker?.close();
    },
  };
}

function feedsOf({ serviceUrls }: Settings): Readonly<Record<string, string>> {
  const feeds = Object.entries(serviceUrls).map(
    ([service, url]) => [service, new URL(FEED_PATH, url).href] as const,
  );
  return Object.fromEntries(feeds);
}

function openBroker(settings: BusSettings, { name, clock }: BusOptions): Broker {
  const { brokers, isTls, user, ca, partitions, replicas, retentionDays } = settings;
  return openKafka({
    brokers,
    client: name,
    ...(isTls && { tls: ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') } }),
    ...(user !== undefined && {
      user: { mechanism: `scram-${user.scram}`, username: user.name, password: user.password },
    }),
    topics: { partitions, replicas, retentionDays },
    scheduler: clock,
    onDifference: (told) => tell(name, told),
  });
}

interface RelayWiring {
  readonly settings: Settings;
  readonly broker: Broker;
  readonly codeKey: Uint8Array;
  readonly partitions: number;
}

function relayOf(
  { name, stores, clock }: ServiceRoom,
  { settings, broker, codeKey, partitions }: RelayWiring,
): Relay {
  const lease: RelayLease = openSqliteRelayLease(join(settings.dataDir, name));
  const faults = new RepeatedFaults(clock);
  return new Relay({
    origin: name,
    source: stores.signed.name,
    published: publishedEventsOf(name),
    log: stores.log,
    broker,
    topic: topicOf(settings.installation, name),
    partitions,
    codeKey,
    lease,
    scheduler: clock,
    onFault: (error) => {
      const text = faultText(error);
      if (!faults.isDue(text)) return;
      tell(name, `its events are not sent, which is tried again: ${text}`);
    },
  });
}

function tell(name: string, fault: unknown): void {
  process.stderr.write(`${name}: ${textOf(fault)}\n`);
}

function textOf(fault: unknown): string {
  if (typeof fault === 'string') return fault;
  return fault instanceof Error ? fault.message : faultText(fault);
}
