import { isDeepStrictEqual } from 'node:util';
import type { Recorded } from '#libs/event';
import { openMemoryViews, type View, type ViewRow, type ViewStore } from '#libs/views';
import type { Disk } from './disk.js';

const BATCH = 500;

/** Holds a service's live rows against rows made anew from its log. */
export async function checkViews(
  { name, views, rows }: Disk,
  events: readonly Recorded[],
): Promise<readonly string[]> {
  const rebuilt = openMemoryViews(views);
  for (let from = 0; from < events.length; from += BATCH) {
    await rebuilt.apply(events.slice(from, from + BATCH));
  }
  const findings: string[] = [];
  const position = await rows.store.position();
  if (position !== events.length) {
    findings.push(`${name}: its views are at ${position} of ${events.length} events`);
  }
  for (const view of views) {
    for (const key of keysOf(view, events)) {
      const [live, made] = [await rowIn(rows.store, view, key), await rowIn(rebuilt, view, key)];
      if (isDeepStrictEqual(live, made)) continue;
      findings.push(`${name}: ${view.name} ${key} is ${text(live)}, made anew ${text(made)}`);
    }
  }
  return findings;
}

function keysOf(view: View, events: readonly Recorded[]): ReadonlySet<string> {
  const taken = events.filter(
    ({ stream, event }) => view.takes.has(event.type) && view.ofStream(stream),
  );
  return new Set(taken.flatMap((recorded) => view.keyOf(recorded) ?? []));
}

/** A row that is parked has something to say as well. */
async function rowIn(store: ViewStore, view: View, key: string): Promise<ViewRow | undefined> {
  try {
    return await store.get(view, key);
  } catch (error) {
    return { parked: String(error) };
  }
}

function text(row: ViewRow | undefined): string {
  return row === undefined ? 'not there' : JSON.stringify(row);
}
