import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from '../command.js';
import { codeOf, messageOf } from '../fault-code.js';
import type { LogPlace } from './log-place.js';
import { namedFile } from './named-file.js';

const PATIENCE_MS = 30_000;
/** The largest bundle has 256 entries of 65,535 bytes, each behind its length. */
const FILE_BYTES_MAX = 256 * (65_535 + 2);

/** 公布内容: what a log shows of itself (c2sp.org/tlog-tiles), by the path under its prefix. */
export interface Published {
  readonly place: string;
  /** @returns undefined when there is no such file */
  readonly read: (path: string) => Promise<Buffer | undefined>;
}

export function publishedAt(place: Exclude<LogPlace, { kind: 'store' }>): Published {
  return place.kind === 'export' ? inFolder(place.dir) : atAddress(place.url, place.token);
}

function inFolder(dir: string): Published {
  return {
    place: dir,
    read: async (path) => {
      try {
        return await readFile(join(dir, path));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}

function atAddress(url: string, token: string | undefined): Published {
  return {
    place: url,
    read: async (path) => {
      const asked = `${url}/${path}`;
      // Only entries need the token: whoever answers for the rest must not come to know it.
      const isForAuditors = path.startsWith('tile/entries/') && token !== undefined;
      return await fetched(asked, isForAuditors ? token : undefined);
    },
  };
}

async function fetched(address: string, token: string | undefined): Promise<Buffer | undefined> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
    const answer = await fetch(address, { headers, signal, redirect: 'error' });
    if (answer.status === 404) return undefined;
    mustAnswer(address, answer.status);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > FILE_BYTES_MAX) throw new CannotRun(`${address} answers with too much`);
    return bytes;
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`${address} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
}

function mustAnswer(address: string, status: number): void {
  if (status === 401 || status === 403) {
    throw new CannotRun(
      `${address} is for auditors (${status}): give a token with --token or AUDITOR_TOKEN`,
    );
  }
  if (status !== 200) throw new CannotRun(`${address} answers ${status}`);
}

/** `fetch` puts what happened into the cause. */
function reasonOf(error: unknown): string {
  const hasCause = typeof error === 'object' && error !== null && 'cause' in error;
  const cause = hasCause ? messageOf(error.cause) : '';
  return cause === '' ? messageOf(error) : cause;
}

/**
 * The text of a signed note, from a path or an address of its own.
 *
 * @throws CannotRun when nothing can be read there
 */
export async function readNote(text: string): Promise<string> {
  const isAddress = /^https?:\/\//.test(text);
  const bytes = isAddress ? await fetched(text, undefined) : namedFile(text, `--against ${text}`);
  if (bytes === undefined) throw new CannotRun(`--against ${text} is not there`);
  return bytes.toString('utf8');
}
