import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { openMemoryKeys } from './memory-keys.js';
import { requestFingerprints } from './request-fingerprints.js';
import { Sealing } from './sealing.js';

const hex = z.string().transform((text) => Buffer.from(text, 'hex'));
const vectors = z.object({
  sealed: z.array(
    z.object({
      title: z.string(),
      masterKey: hex,
      nonce: hex,
      subject: z.string(),
      content: z.record(z.string(), z.unknown()),
      commitment: z.string(),
      box: z.string(),
    }),
  ),
  fingerprints: z.array(
    z.object({
      title: z.string(),
      logKey: hex.default(Buffer.alloc(32)),
      subjects: z.array(z.object({ subject: z.string(), key: hex })),
      request: z.string(),
      fingerprint: z.string(),
    }),
  ),
});

const file = new URL('../../../docs/vectors/sealed-sections.json', import.meta.url);
const { sealed, fingerprints } = vectors.parse(JSON.parse(readFileSync(file, 'utf8')));

/** Keys of which every one is the given one. */
const keysOf = (key: Buffer) => ({
  ...openMemoryKeys(),
  logKey: key,
  find: () => key,
  obtain: () => key,
});

describe('what was sealed before is sealed and opened today as it was', () => {
  it.each(sealed)('$title', ({ masterKey, nonce, subject, content, commitment: key, box }) => {
    const sealing = new Sealing(keysOf(masterKey), { nonce: () => nonce });
    expect(sealing.seal(subject, content)).toEqual({ subject, key, box });
    expect(sealing.open({ subject, key, box })).toEqual(content);
  });
});

describe('a request has the fingerprint that it had before', () => {
  it.each(fingerprints)('$title', ({ logKey, subjects, request, fingerprint }) => {
    const find = (asked: string) => subjects.find(({ subject }) => subject === asked)?.key;
    const { of } = requestFingerprints({ ...openMemoryKeys(), logKey, find });
    const ids = subjects.map(({ subject }) => subject);
    expect(of(request, ids)).toBe(fingerprint);
  });
});
