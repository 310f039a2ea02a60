import type { TopicShape } from './broker.js';

const DAY_MS = 86_400_000;

/** What a topic is made with, in the broker's words. */
export function settingsOf({ retentionDays }: TopicShape): Readonly<Record<string, string>> {
  return { 'retention.ms': String(retentionDays * DAY_MS), 'cleanup.policy': 'delete' };
}

/** What is looked at of a topic that is there. */
export const CHECKED_SETTINGS = ['retention.ms', 'cleanup.policy'] as const;

/** A topic as it was found; settings that could not be read are left out. */
export interface FoundTopic {
  /** On how many brokers each message is kept. */
  readonly copies: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** In what a topic is not as the settings of this process state it, for people to read. */
export function differences(found: FoundTopic, stated: TopicShape): readonly string[] {
  const { copies, settings } = found;
  const { replicas } = stated;
  const few = copies === replicas ? [] : [`${copies} copies where BUS_REPLICAS says ${replicas}`];
  const other = Object.entries(settingsOf(stated)).flatMap(([name, wanted]) => {
    const value = settings[name];
    return value === undefined || value === wanted
      ? []
      : [`${name} ${value} in place of ${wanted}`];
  });
  return [...few, ...other];
}
