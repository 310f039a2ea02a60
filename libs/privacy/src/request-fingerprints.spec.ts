import { openMemoryKeys } from './memory-keys.js';
import { requestFingerprints } from './request-fingerprints.js';
import { ANNA, BEN } from './subject-keys.conformance.js';
import type { SubjectKeys } from './subject-keys.js';

const REQUEST = '["enrolVolunteer",{"phone":"13800000000"}]';

let keys: SubjectKeys;

beforeEach(() => {
  keys = openMemoryKeys();
  keys.obtain(ANNA);
  keys.obtain(BEN);
});

const of = (request: string, ...subjects: readonly string[]) =>
  requestFingerprints(keys).of(request, subjects);

it('the same request has the same one, another request another, in 22 characters', () => {
  expect(of(REQUEST)).toMatch(/^[\w-]{22}$/);
  expect(of(REQUEST, ANNA)).toMatch(/^[\w-]{22}$/);
  expect(of(REQUEST)).toBe(of(REQUEST));
  expect(of(REQUEST, ANNA)).toBe(of(REQUEST, ANNA));
  expect(of(`${REQUEST} `)).not.toBe(of(REQUEST));
});

it('nobody without the key can tell it from the request: each subject and log has another', () => {
  const elsewhere = requestFingerprints(openMemoryKeys()).of(REQUEST, []);
  const all = [of(REQUEST), of(REQUEST, ANNA), of(REQUEST, BEN), elsewhere];
  expect(new Set(all).size).toBe(4);
});

it('ends with the key of its subject, and there is none before that key', () => {
  keys.destroy(ANNA);
  expect(of(REQUEST, ANNA)).toBeUndefined();
  expect(of(REQUEST, '0195c0de-0000-7000-8000-00000000000c')).toBeUndefined();
  expect(keys.find('0195c0de-0000-7000-8000-00000000000c')).toBeUndefined();
  expect(of(REQUEST)).toBeDefined();
});

it('of several subjects needs the key of each: one erased person blinds it', () => {
  const both = of(REQUEST, ANNA, BEN);
  expect(both).toMatch(/^[\w-]{22}$/);
  expect(new Set([both, of(REQUEST, ANNA), of(REQUEST, BEN), of(REQUEST)]).size).toBe(4);
  keys.destroy(BEN);
  expect(of(REQUEST, ANNA, BEN)).toBeUndefined();
  expect(of(REQUEST, ANNA)).toBeDefined();
});
