import { publishedEventsOf } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { type EventAttributes, recordedFrom } from './cloud-event.js';
import type { FeedPage } from './live-tail.js';

/** What `GET /feed` says beside the events. */
export const FEED_HEADERS = {
  head: 'fengqiao-head',
  next: 'fengqiao-next',
  source: 'fengqiao-source',
} as const;
export const FEED_PATH = '/feed';

/** What an origin answered. */
export interface FeedAnswer extends FeedPage {
  readonly head: number;
  /** The name of its log. */
  readonly source: string;
}

export interface FeedQuestion {
  readonly from: number;
  /** How many events at most; with 0 only the head is asked for. */
  readonly limit: number;
  /** How long the origin may wait for news before it answers that there is none. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The origin cannot be asked now. */
export class FeedUnreachable extends Error {
  readonly code = 'FEED_UNREACHABLE';
  constructor(origin: string, why: string, options?: ErrorOptions) {
    super(`the feed of ${origin} cannot be read: ${why}`, options);
  }
}

export interface FeedClientOptions {
  readonly origin: string;
  /** The address of its feed. */
  readonly url: string;
  /** What shows it who asks. */
  readonly token: () => Promise<string>;
}

/** An origin is not waited for longer than that, beside what it was allowed to wait itself. */
const PATIENCE_MS = 4_000;
/** Who only asks how far it is waits for an answer to somebody else. */
const HEAD_PATIENCE_MS = 1_500;

/** 取事件: asks another service for what it publishes. */
export class FeedClient {
  constructor(private readonly options: FeedClientOptions) {}

  /** @throws FeedUnreachable, UnknownEvent */
  async ask(question: FeedQuestion): Promise<FeedAnswer> {
    const { origin } = this.options;
    const { answer, body } = await this.get(question);
    const count = (name: string): number => {
      const text = answer.headers.get(name) ?? '';
      if (/^\d{1,15}$/.test(text)) return Number(text);
      throw new FeedUnreachable(origin, `its answer has no ${name}`);
    };
    const source = answer.headers.get(FEED_HEADERS.source) ?? '';
    const told = { head: count(FEED_HEADERS.head), next: count(FEED_HEADERS.next), source };
    const known = publishedEventsOf(origin);
    return { ...told, events: body.map((event) => recordedOf(origin, known, event)) };
  }

  private async get({ from, limit, waitMs, signal }: FeedQuestion) {
    const { origin, url, token } = this.options;
    const patienceMs = limit === 0 ? HEAD_PATIENCE_MS : PATIENCE_MS;
    const timeout = AbortSignal.timeout(waitMs + patienceMs);
    const query = `?from=${from}&limit=${limit}&wait=${waitMs}`;
    try {
      const answer = await fetch(url + query, {
        headers: { authorization: `Bearer ${await token()}`, 'accept-language': 'en' },
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      const text = await answer.text();
      if (!answer.ok) throw new FeedUnreachable(origin, `${answer.status} ${text.slice(0, 200)}`);
      return { answer, body: JSON.parse(text) as readonly JsonEvent[] };
    } catch (error) {
      if (error instanceof FeedUnreachable) throw error;
      throw new FeedUnreachable(origin, reasonOf(error), { cause: error });
    }
  }
}

type JsonEvent = EventAttributes & { readonly data: unknown };

function recordedOf(
  origin: string,
  known: ReturnType<typeof publishedEventsOf>,
  { data, ...attributes }: JsonEvent,
): Recorded {
  return recordedFrom(origin, known, attributes, data);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
