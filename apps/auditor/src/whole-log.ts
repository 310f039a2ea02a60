import type { LogSource } from './log-source.js';

/** A log lacks events that it has had: positions are dense, and what is signed was there. */
export class EventsMissing extends Error {
  readonly code = 'EVENTS_MISSING';
}

/** Some entries that follow each other. */
export interface Page {
  /** Position of the first. */
  readonly from: number;
  readonly entries: readonly Uint8Array[];
}

/** Larger pages only cost memory (reference measurements). */
const PAGE = 256;

/** A log whose gaps are found where they are read, and never read over: nobody asks past its end. */
export function wholeLog(source: LogSource): LogSource {
  return {
    ...source,
    entries: async (from, limit) => {
      const page = await source.entries(from, limit);
      if (page.length > 0 || limit === 0) return page;
      throw new EventsMissing(`event ${from} is missing`);
    },
  };
}

/**
 * All entries from a position up to, not including, another.
 *
 * @throws EventsMissing when there are not that many
 */
export async function* pagesOf(source: LogSource, from: number, to: number): AsyncGenerator<Page> {
  const log = wholeLog(source);
  for (let at = from; at < to;) {
    const entries = await log.entries(at, Math.min(PAGE, to - at));
    yield { from: at, entries };
    at += entries.length;
  }
}
