import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Hashes a file's bytes in bounded memory. */
export async function hashFile(path: string, algorithm: 'sha256' | 'sha512'): Promise<Buffer> {
  const hash = createHash(algorithm);
  const chunks: AsyncIterable<Buffer> = createReadStream(path);
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest();
}
