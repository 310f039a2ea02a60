import { SubjectErased } from './faults.js';
import type { SubjectKeys } from './subject-keys.js';

export const ANNA = '0195c0de-0000-7000-8000-00000000000a';
export const BEN = '0195c0de-0000-7000-8000-00000000000b';

/** What every store of keys promises, whatever it keeps them in; `open` gives an empty one. */
export function subjectKeysConformance(open: () => SubjectKeys): void {
  let keys: SubjectKeys;

  beforeEach(() => {
    keys = open();
  });
  afterEach(() => keys.close());

  it('a subject has no key until one is obtained', () => {
    expect(keys.find(ANNA)).toBeUndefined();
    const key = keys.obtain(ANNA);
    expect(key).toHaveLength(32);
    expect(keys.find(ANNA)).toEqual(key);
    expect(keys.find(BEN)).toBeUndefined();
  });

  it('a subject keeps its key, before it is flushed and after', () => {
    const key = keys.obtain(ANNA);
    expect(keys.obtain(ANNA)).toEqual(key);
    keys.flush();
    expect(keys.find(ANNA)).toEqual(key);
    expect(keys.obtain(ANNA)).toEqual(key);
    keys.flush();
    expect(keys.find(ANNA)).toEqual(key);
  });

  it('every key is another', () => {
    const all = [keys.obtain(ANNA), keys.obtain(BEN), keys.logKey].map((key) =>
      key.toString('hex'),
    );
    expect(new Set(all).size).toBe(3);
    expect(keys.logKey).toHaveLength(32);
  });

  it.each([
    ['flushed', () => void (keys.obtain(ANNA), keys.flush())],
    ['not yet flushed', () => void keys.obtain(ANNA)],
    ['never made', () => undefined],
  ])('a key that was %s is destroyed for ever', (_, prepare) => {
    prepare();
    keys.destroy(ANNA);
    keys.flush();
    expect(keys.find(ANNA)).toBe('destroyed');
    expect(() => keys.obtain(ANNA)).toThrow(SubjectErased);
    expect(keys.find(ANNA)).toBe('destroyed');
  });

  it('a key may be destroyed again, and no other goes with it', () => {
    const key = keys.obtain(BEN);
    keys.obtain(ANNA);
    keys.flush();
    keys.destroy(ANNA);
    keys.destroy(ANNA);
    expect(keys.find(ANNA)).toBe('destroyed');
    expect(keys.find(BEN)).toEqual(key);
  });
}
