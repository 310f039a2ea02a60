/** What a provider says of itself, and its keys, are a few kilobytes. */
const BYTES_MAX = 262_144;
const WAIT_MS = 5_000;

/** Somebody answers, but not with what was asked for. */
export class AnswerRefused extends Error {
  readonly code = 'ANSWER_REFUSED';
  constructor(
    address: string,
    readonly status: number,
  ) {
    super(`${address} answers ${status}`);
  }
}

/** Fetches, as the platform's own `fetch` does. */
export type Fetch = typeof fetch;

/**
 * Whether what comes from there cannot be changed on the way: TLS, or this machine itself.
 */
export function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, hash } = new URL(text);
  if (username !== '' || hash !== '') return false;
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

/**
 * The JSON at an address; redirections are not followed.
 *
 * @throws when it does not come, in time, whole, and small enough
 */
export async function readJson(
  fetchFrom: Fetch,
  address: string,
  init: RequestInit = {},
): Promise<unknown> {
  if (!isSafeAddress(address)) throw new Error(`${address} is no https address`);
  const response = await fetchFrom(address, {
    ...init,
    headers: { accept: 'application/json', ...init.headers },
    redirect: 'error',
    signal: AbortSignal.timeout(WAIT_MS),
  });
  const text = await textOf(response);
  if (response.status !== 200) throw new AnswerRefused(address, response.status);
  return JSON.parse(text);
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw new Error(`${response.url} sends more than ${BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
