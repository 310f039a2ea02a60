import type { KeyObject } from 'node:crypto';
import type { SubjectKeys } from './subject-keys.js';
import { fingerprint, fingerprintKey } from './suite.js';

/** 请求指纹: tells whether a request is the same again, and nothing else about it. */
export interface RequestFingerprints {
  /**
   * 22 characters, base64url. A request that carries personal data names its subjects: a telephone
   * number is found by trying all of them against a bare hash, and against a keyed one until the
   * key is gone. So each subject's key is needed for its fingerprint: undefined when one of them
   * was destroyed or never made (seal first).
   */
  of(request: string, subjects: readonly string[]): string | undefined;
}

/** Fingerprints under the key of the log, or under those of all subjects a request tells of. */
export function requestFingerprints(keys: SubjectKeys): RequestFingerprints {
  let own: KeyObject | undefined;
  return {
    of: (request, subjects) => {
      if (subjects.length === 0) {
        // When it is first asked for: keys on a server are not there at once.
        own ??= fingerprintKey(keys.logKey);
        return fingerprint(own, request);
      }
      let text = request;
      for (const subject of subjects) {
        const master = keys.find(subject);
        if (!Buffer.isBuffer(master)) return undefined;
        // One inside the other: without any one of the keys the outcome cannot be computed.
        text = fingerprint(fingerprintKey(master), text);
      }
      return text;
    },
  };
}
