import type { Scheduler } from '#libs/scheduler';
import type { Following, Incoming } from './broker.js';
import type { MessageReader, ReadMessages } from './message-reader.js';
import type { RemoteFeed, TailSource } from './remote-feed.js';

const COMMIT_EVERY_MS = 1_000;
const MARKS_MAX = 1_000;
/** Who forges messages may send many: of each topic a line now and then says how many. */
const TELL_REFUSED_EVERY_MS = 60_000;

/** The last message of some that came together: once it is done with, all of them are. */
interface Mark {
  readonly offset: string;
  readonly position: number;
}

export interface TopicTailOptions {
  readonly topic: string;
  readonly feed: RemoteFeed;
  readonly reader: MessageReader;
  readonly following: () => Following | undefined;
  readonly scheduler: Scheduler;
  /** Hears of messages that were not believed, in one line. */
  readonly onRefused: (told: string) => void;
}

/** One topic as a feed hears it. */
export class TopicTail implements TailSource {
  private readonly marks = new Map<number, Mark[]>();
  private done = 0;
  private isCommitting = false;
  /** How many were refused since it was told. */
  private refused = 0;
  private isTelling = false;

  constructor(private readonly options: TopicTailOptions) {}

  get isLive(): boolean {
    return this.options.following()?.isLive === true;
  }

  pause(): void {
    const { following, topic } = this.options;
    following()?.pause(topic);
  }

  resume(): void {
    const { following, topic } = this.options;
    following()?.resume(topic);
  }

  async take(partition: number, incoming: readonly Incoming[]): Promise<void> {
    const { feed } = this.options;
    const read = this.read(partition, incoming);
    if (read === undefined) return feed.doubt();
    if (read.refused > 0) this.refuse(read.refused);
    this.accept(partition, incoming.at(-1)?.offset ?? '', read.messages);
    await feed.room();
  }

  private accept(partition: number, offset: string, messages: ReadMessages['messages']): void {
    if (messages.length === 0) return;
    const position = Math.max(...messages.map((message) => message.position));
    const marks = this.marks.get(partition) ?? [];
    this.marks.set(partition, marks);
    // So many that wait are told apart no further: the last of them stands for those after it.
    if (marks.length >= MARKS_MAX) marks.pop();
    marks.push({ offset, position });
    this.options.feed.accept(partition, messages);
  }

  /** Undefined when one of them cannot be read: the origin's own answer then says what it is. */
  private read(partition: number, incoming: readonly Incoming[]): ReadMessages | undefined {
    try {
      return this.options.reader.read(partition, incoming);
    } catch {
      return undefined;
    }
  }

  /** Offsets are committed after our own checkpoint has passed them, and not for each event. */
  handled(position: number): void {
    this.done = position;
    if (this.isCommitting) return;
    this.isCommitting = true;
    this.options.scheduler.inBackground(COMMIT_EVERY_MS, () => {
      this.isCommitting = false;
      this.commit();
    });
  }

  private commit(): void {
    for (const [partition, marks] of this.marks) {
      const open = marks.findIndex((mark) => mark.position >= this.done);
      const passed = marks.splice(0, open === -1 ? marks.length : open).at(-1);
      if (passed === undefined) continue;
      const next = (BigInt(passed.offset) + 1n).toString();
      const { following, topic } = this.options;
      following()?.commit(topic, partition, next);
    }
  }

  /** Whatever a forged message says, it is not so: what is so, the origin says. */
  private refuse(count: number): void {
    this.options.feed.refuse(count);
    this.refused += count;
    if (!this.isTelling) this.tellRefused();
  }

  private tellRefused(): void {
    const { topic, feed, scheduler, onRefused } = this.options;
    this.isTelling = this.refused > 0;
    if (!this.isTelling) return;
    onRefused(
      `${this.refused} messages of ${topic} were refused: no relay of ${feed.origin} sent them as ` +
        'they are; see who may write to the topic (docs/kafka.md)',
    );
    this.refused = 0;
    scheduler.inBackground(TELL_REFUSED_EVERY_MS, () => this.tellRefused());
  }
}
