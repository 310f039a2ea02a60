import type { SignedLog } from '#libs/event-log';
import type { BenchEvent } from './sample-events.ts';
import { quantile } from './figures.ts';

/** How long one arm of a round runs. */
const ARM_MS = 1_000;
const FINGERPRINT = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Where the benchmark appends: streams by name, with the number of events that each has. */
export interface Streams {
  readonly versions: Map<string, number>;
  readonly newId: () => string;
  readonly eventOf: (dispute: string) => BenchEvent;
}

export interface AppendRates {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Appends one event to the stream of a dispute; a conflict or a repeat would be a defect here. */
async function append({ log }: SignedLog, streams: Streams, dispute: string): Promise<void> {
  const stream = `dispute-${dispute}`;
  const version = streams.versions.get(stream) ?? 0;
  streams.versions.set(stream, version + 1);
  const { status } = await log.append({
    commandId: streams.newId(),
    actor: 'mediator-lin',
    fingerprint: FINGERPRINT,
    reads: [{ stream, version }],
    writes: [{ stream, events: [streams.eventOf(dispute)] }],
  });
  if (status !== 'committed') throw new Error(`an append was answered with ${status}`);
}

/** Callers that each wait for their answer before they ask again. */
export async function appendFor(
  log: SignedLog,
  streams: Streams,
  inFlight: number,
  pick: () => string,
): Promise<AppendRates> {
  const times: number[] = [];
  const started = performance.now();
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now - started < ARM_MS;) {
      await append(log, streams, pick());
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const seconds = (performance.now() - started) / 1000;
  return { perSecond: times.length / seconds, p99Ms: quantile(times, 0.99) };
}

/** Appends `count` events, 256 callers at once. */
export async function appendMany(
  log: SignedLog,
  streams: Streams,
  count: number,
  pick: (index: number) => string,
): Promise<void> {
  let asked = 0;
  const caller = async (): Promise<void> => {
    while (asked < count) {
      asked += 1;
      await append(log, streams, pick(asked - 1));
    }
  };
  await Promise.all(Array.from({ length: 256 }, caller));
}
