import type { Reply } from './answer.js';
import type { LogSource } from './log-source.js';
import { openSources } from './sources/open-sources.js';
import { gravest, verdictOn } from './verdict.js';

/** Which logs a command is about, and where it answers. */
export interface LogsAsked extends Reply {
  /** A data directory, a copy of one, an exported folder or an address; DATA_DIR unless told. */
  readonly place: string | undefined;
  /** One service's only. */
  readonly service?: string | undefined;
  /** For addresses: who may read entries. */
  readonly token?: string | undefined;
}

/** Works with the logs that were asked for, and closes them. */
export async function withLogs<Answer>(
  asked: LogsAsked,
  work: (sources: readonly LogSource[]) => Promise<Answer>,
): Promise<Answer> {
  const sources = await openSources(asked);
  try {
    return await work(sources);
  } finally {
    for (const source of sources) await source.close();
  }
}

/**
 * Works with each of the logs that were asked for, one after the other.
 *
 * @returns the gravest of the exit codes
 */
export async function inEachLog(
  asked: LogsAsked,
  work: (source: LogSource) => Promise<number>,
): Promise<number> {
  return withLogs(asked, async (sources) => {
    const codes: number[] = [];
    for (const source of sources) {
      codes.push(await verdictOn(source.service, asked, () => work(source)));
    }
    return gravest(codes);
  });
}
