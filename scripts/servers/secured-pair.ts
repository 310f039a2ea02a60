import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { publishedEventsOf } from '#libs/contracts';
import {
  type Broker,
  cloudEventOf,
  EventBus,
  EventBusTransport,
  FEED_HEADERS,
  jsonOf,
  openMemoryCheckpoints,
  openSqliteRelayLease,
  Relay,
  RemoteBus,
} from '#libs/event-bus';
import { openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';

const ORIGIN = 'grid-registry';
const AT = '2026-03-01T08:00:00.000Z';
const CODE_KEY = new Uint8Array(32).fill(1);
const PARTITIONS = 3;

export interface PairOptions {
  readonly dir: string;
  readonly installation: string;
  /** The broker as the registry reaches it, and as mediation does. */
  readonly brokers: { readonly registry: Broker; readonly mediation: Broker };
}

/** 一对服务: the registry's log with its relay and its feed, and mediation, which hears it. */
export class SecuredPair {
  /** What mediation has handled. */
  readonly heard: string[] = [];
  readonly faults = { registry: [] as string[], mediation: [] as string[] };
  /** How often the feed was asked. */
  asked = 0;
  private readonly options: PairOptions;
  private readonly clock = new SystemClock();
  private readonly log = openMemoryLog({
    origin: ORIGIN,
    events: publishedEventsOf(ORIGIN),
    now: () => AT,
  });
  private readonly feed: HttpServer;
  private close: () => Promise<void> = async () => undefined;
  private opened = 0;

  constructor(options: PairOptions) {
    this.options = options;
    this.feed = createServer((request, response) => {
      const from = Number(new URL(request.url ?? '', 'http://feed').searchParams.get('from'));
      void this.page(from).then(({ head, body }) => {
        response.setHeader(FEED_HEADERS.source, this.source);
        response.setHeader(FEED_HEADERS.head, head);
        response.setHeader(FEED_HEADERS.next, head);
        response.end(body);
      });
    });
  }

  async start(): Promise<void> {
    const { dir, installation, brokers } = this.options;
    await new Promise<void>((resolve) => this.feed.listen(0, '127.0.0.1', resolve));
    const topicOf = (service: string): string => `${installation}.${service}.v1`;
    const tell = (whose: string[]) => (error: unknown) => void whose.push((error as Error).message);
    const relay = new Relay({
      ...{ origin: ORIGIN, source: this.source, published: publishedEventsOf(ORIGIN) },
      ...{ log: this.log, broker: brokers.registry, topic: topicOf(ORIGIN) },
      ...{ partitions: PARTITIONS, codeKey: CODE_KEY, scheduler: this.clock },
      lease: openSqliteRelayLease(join(dir, installation)),
      onFault: tell(this.faults.registry),
    });
    const remote = new RemoteBus({
      feeds: { [ORIGIN]: `http://127.0.0.1:${(this.feed.address() as AddressInfo).port}/feed` },
      token: async () => 'none',
      ...{ scheduler: this.clock, broker: brokers.mediation, codeKey: CODE_KEY, topicOf },
      group: `${installation}.mediation`,
      onFault: tell(this.faults.mediation),
    });
    const bus = new EventBus(remote);
    const transport = new EventBusTransport(bus, openMemoryCheckpoints(), this.clock);
    const hear = async ({ stream }: { stream: string }) => void this.heard.push(stream);
    transport.addHandler('grid-registry.GridOpened', hear, true, { handler: 'HearReaction.on' });
    transport.listen(() => undefined);
    relay.start();
    this.close = async () => {
      await transport.close();
      await remote.close();
      await relay.stop();
      this.feed.closeAllConnections();
      this.feed.close();
      await Promise.all([brokers.registry.close(), brokers.mediation.close()]);
    };
  }

  stop(): Promise<void> {
    return this.close();
  }

  /** The registry opens a grid; its stream. */
  async openGrid(): Promise<string> {
    this.opened += 1;
    const grid = `430502001001${String(this.opened).padStart(3, '0')}`;
    const events = [{ type: 'GridOpened' as const, grid, name: '东风路一网格', at: AT }];
    const commandId = `command-${this.opened}`;
    const asked = { commandId, actor: 'li-1', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA', reads: [] };
    await this.log.append({ ...asked, writes: [{ stream: `grid-${grid}`, events }] });
    return `grid-${grid}`;
  }

  private get source(): string {
    return `${this.options.installation}/${ORIGIN}`;
  }

  private async page(from: number): Promise<{ head: number; body: string }> {
    this.asked += 1;
    const publisher = { origin: ORIGIN, source: this.source, published: publishedEventsOf(ORIGIN) };
    const entries = await this.log.entries(from, 1000);
    const events = entries.flatMap((bytes, index) => {
      const event = cloudEventOf(publisher, from + index, bytes);
      return event === undefined ? [] : [jsonOf(event)];
    });
    return { head: from + entries.length, body: `[${events.join()}]` };
  }
}
