import type { EventSchemas } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { parsePayloads, type Unparsed } from '#libs/event-log';
import type { Incoming } from './broker.js';
import { countOf, recordedFrom } from './cloud-event.js';
import { PROGRESS } from './cloud-message.js';
import type { TailMessage } from './live-tail.js';
import { type CodePlace, MessageCode, type OpenedHeaders } from './message-code.js';

/** What messages say that came together. */
export interface ReadMessages {
  readonly messages: readonly TailMessage[];
  /** How many were left out, since no relay of the origin sent them as they are. */
  readonly refused: number;
}

/**
 * 读消息: reads the messages of a topic that its origin's relay sent. Many are read together, since
 * one text takes less time to parse than its parts.
 */
export class MessageReader {
  private readonly code: MessageCode;

  constructor(
    key: Uint8Array,
    private readonly place: CodePlace,
    private readonly known: EventSchemas,
  ) {
    this.code = new MessageCode(key, place);
  }

  /**
   * @throws UnknownEvent when only a newer version of this service can read one; Error when a relay
   *   sent what none sends
   */
  read(partition: number, incoming: readonly Incoming[]): ReadMessages {
    const opened: OpenedHeaders[] = [];
    const unparsed: Unparsed[] = [];
    for (const message of incoming) {
      const headers = this.code.open(partition, message);
      if (headers === undefined) continue;
      if (headers.type !== PROGRESS) {
        unparsed.push({ position: Number(headers.position), payload: message.value });
      }
      opened.push(headers);
    }
    const parsed = parsePayloads(unparsed).values();
    const messages = opened.map((headers) => {
      if (headers.type === PROGRESS) return tailMessage(headers);
      const { value: data } = parsed.next();
      return tailMessage(headers, recordedFrom(this.place.origin, this.known, headers, data));
    });
    return { messages, refused: incoming.length - opened.length };
  }
}

function tailMessage(headers: OpenedHeaders, recorded?: Recorded): TailMessage {
  const { source } = headers;
  const after = countOf(headers.after, 'after');
  const previous = countOf(headers.previous, 'previous');
  if (recorded !== undefined) {
    return { source, position: recorded.position, after, previous, recorded };
  }
  return { source, position: countOf(headers.head, 'head'), after, previous };
}
