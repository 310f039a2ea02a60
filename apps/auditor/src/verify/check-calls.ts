import type { CheckerConfig, Chunk, ChunkReport } from './chunk.js';
import { ChunkChecker } from './chunk-checker.js';
import {
  type IndexMark,
  openIndexSession,
  type IndexSession,
  type IndexSums,
} from './index-session.js';

/** What is asked of a checker, in this thread or in another: the name of a call and its argument. */
export interface CheckCalls {
  chunk(chunk: Chunk): Promise<ChunkReport>;
  /** Begins to read the index: what it answers to both is of one moment. */
  indexMark(): Promise<IndexMark | undefined>;
  indexSums(): Promise<IndexSums>;
}

export type Question =
  | { readonly call: 'chunk'; readonly argument: Chunk }
  | { readonly call: 'indexMark' | 'indexSums'; readonly argument?: undefined };

export async function answerTo(
  calls: CheckCalls,
  { call, argument }: Question,
): Promise<ChunkReport | IndexMark | IndexSums | undefined> {
  return call === 'chunk' ? calls.chunk(argument) : calls[call]();
}

/** Answers in the thread that asks. */
export function openCheckCalls(config: CheckerConfig): CheckCalls & { close(): void } {
  const checker = new ChunkChecker(config);
  let session: IndexSession | undefined;
  const index = (): IndexSession => {
    session ??= openIndexSession('dir' in config.place ? config.place.dir : '', config.key);
    return session;
  };
  return {
    chunk: (chunk) => checker.check(chunk),
    indexMark: async () => index().mark,
    indexSums: async () => index().sums(),
    close: () => {
      session?.close();
      checker.close();
    },
  };
}
