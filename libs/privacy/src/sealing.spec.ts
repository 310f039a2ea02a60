import { type Sealed, SEALED_BOX_MAX, sealedField, sealedIn } from '#libs/contracts';
import { DerivedKeyCache } from './derived-keys.js';
import { SealBroken, SubjectErased } from './faults.js';
import { openMemoryKeys } from './memory-keys.js';
import { Sealing } from './sealing.js';
import { ANNA, BEN } from './subject-keys.conformance.js';
import type { SubjectKeys } from './subject-keys.js';
import { encrypt, sealingKeys } from './suite.js';

interface Contact {
  readonly name: string;
  readonly phone?: string;
}

const contact: Contact = { name: '示例甲', phone: '13800000000' };

let keys: SubjectKeys;
let sealing: Sealing;

beforeEach(() => {
  keys = openMemoryKeys();
  sealing = new Sealing(keys);
});

/** The same bytes but for one bit. */
function flipped(box: string, byte: number): string {
  const bytes = Buffer.from(box, 'base64url');
  const at = byte < 0 ? bytes.length + byte : byte;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64url');
}

describe('what was sealed', () => {
  it('is opened as it was, by whoever has the keys', () => {
    const sealed = sealing.seal(ANNA, contact);
    const opened: Contact | undefined = new Sealing(keys).open(sealed);
    expect(opened).toEqual(contact);
    expect(sealing.open(JSON.parse(JSON.stringify(sealed)) as Sealed<Contact>)).toEqual(contact);
  });

  it('has the form that contracts describe, and shows nothing of its content', () => {
    const sealed = sealing.seal(ANNA, contact);
    expect(sealedField<Contact>().parse(sealed)).toEqual(sealed);
    expect(sealedIn({ party: { contact: sealed } })).toEqual([sealed]);
    expect(Buffer.from(sealed.box, 'base64url').includes(contact.name)).toBe(false);
  });

  it('is never the same again, but for whose it is and under which key', () => {
    const [one, two] = [sealing.seal(ANNA, contact), sealing.seal(ANNA, contact)];
    expect([two.subject, two.key]).toEqual([one.subject, one.key]);
    expect(two.box.slice(0, 16)).not.toBe(one.box.slice(0, 16));
    expect(two.box).not.toBe(one.box);
  });

  it('may be as long as a section can be, and no longer', () => {
    const bytes = (SEALED_BOX_MAX / 4) * 3 - 28 - JSON.stringify({ name: '' }).length;
    const longest = { name: 'n'.repeat(bytes) };
    expect(sealing.open(sealing.seal(ANNA, longest))).toEqual(longest);
    expect(sealedIn(sealing.seal(ANNA, longest))).toHaveLength(1);
    expect(() => sealing.seal(ANNA, { name: `${longest.name}n` })).toThrow(RangeError);
  });
});

it.each([[ANNA.toUpperCase()], ['示例甲'], ['']])(
  'nothing is sealed for a subject "%s"',
  (subject) => {
    expect(() => sealing.seal(subject, contact)).toThrow(RangeError);
    expect(keys.find(subject)).toBeUndefined();
  },
);

describe('a section that is not as it was sealed is never opened', () => {
  const cases: readonly (readonly [string, (sealed: Sealed, other: Sealed) => Partial<Sealed>])[] =
    [
      ['an altered nonce', ({ box }) => ({ box: flipped(box, 0) })],
      ['an altered ciphertext', ({ box }) => ({ box: flipped(box, 12) })],
      ['an altered tag', ({ box }) => ({ box: flipped(box, -1) })],
      ['a box cut short', ({ box }) => ({ box: box.slice(0, -4) })],
      ['a box of nearly nothing', () => ({ box: 'AAAA' })],
      ['another text for the same bytes', ({ box }) => ({ box: `${box}=` })],
      ['the box of somebody else', (_, { box }) => ({ box })],
      ['an altered commitment', ({ key }) => ({ key: flipped(key, 0) })],
      ['the commitment of somebody else', (_, { key }) => ({ key })],
      ['another subject', (_, { subject }) => ({ subject })],
      ['another subject and its commitment', (_, { subject, key }) => ({ subject, key })],
    ];

  it.each(cases)('%s', (_, alter) => {
    const sealed = sealing.seal(ANNA, contact);
    const other = sealing.seal(BEN, contact);
    expect(() => sealing.open({ ...sealed, ...alter(sealed, other) })).toThrow(SealBroken);
  });

  it('a box bound to another subject under the same key', () => {
    const master = keys.obtain(ANNA);
    const same = new Sealing({ ...keys, find: () => master, obtain: () => master });
    const sealed = same.seal(ANNA, contact);
    expect(() => same.open({ ...sealed, subject: BEN })).toThrow(SealBroken);
  });

  it('a section under a key that was the subject’s elsewhere', () => {
    keys.obtain(ANNA);
    const elsewhere = new Sealing(openMemoryKeys()).seal(ANNA, contact);
    expect(() => sealing.open(elsewhere)).toThrow(SealBroken);
  });
});

it('whoever has the key cannot make a section that is proven to be under another', () => {
  const master = keys.obtain(ANNA);
  const bound = { subject: ANNA, key: 'k'.repeat(43) };
  const box = encrypt(sealingKeys(master).encryption, Buffer.alloc(12), bound, '{}');
  expect(() => sealing.open({ ...bound, box })).toThrow(SealBroken);
});

describe('who was erased', () => {
  it('cannot be read any more, and nothing can be sealed for them again', async () => {
    const sealed = sealing.seal(ANNA, contact);
    await sealing.erase(ANNA);
    expect(sealing.open(sealed)).toBeUndefined();
    expect(() => sealing.seal(ANNA, contact)).toThrow(SubjectErased);
    expect(sealing.open(sealed)).toBeUndefined();
  });

  it('is erased once the key is gone from where it is kept', async () => {
    let isGone = false;
    const slow = {
      ...keys,
      destroy: async (): Promise<void> => {
        await new Promise(setImmediate);
        isGone = true;
      },
    };
    await new Sealing(slow).erase(ANNA);
    expect(isGone).toBe(true);
  });

  it('is named by no fault', async () => {
    await sealing.erase(ANNA);
    expect(() => sealing.seal(ANNA, contact)).toThrow(/^(?!.*0195c0de)/s);
  });

  it('takes nobody along', async () => {
    const sealed = sealing.seal(BEN, contact);
    sealing.seal(ANNA, contact);
    await sealing.erase(ANNA);
    expect(sealing.open(sealed)).toEqual(contact);
  });
});

it('a section whose key is not here is not opened, and none is made for it', () => {
  const elsewhere = new Sealing(openMemoryKeys()).seal(ANNA, contact);
  expect(sealing.open(elsewhere)).toBeUndefined();
  expect(keys.find(ANNA)).toBeUndefined();
});

it.each([
  [true, 1],
  [false, 0],
])('flushes each key before it is used: %s', (flushEachKey, times) => {
  let flushes = 0;
  const counted = { ...keys, flush: () => void (flushes += 1) };
  new Sealing(counted, { flushEachKey }).seal(ANNA, contact);
  expect(flushes).toBe(times);
});

describe('derived keys', () => {
  it('are those of the key that the store holds now', () => {
    const cache = new DerivedKeyCache(2);
    const { commitment } = cache.of('a', keys.obtain(ANNA));
    expect(cache.of('a', keys.obtain(BEN)).commitment).not.toBe(commitment);
    expect(cache.of('a', keys.obtain(ANNA)).commitment).toBe(commitment);
  });

  it('are kept for those used last, and never wipe the store’s own key', () => {
    const cache = new DerivedKeyCache(2);
    const master = keys.obtain(ANNA);
    const [a, b] = [cache.of('a', master), cache.of('b', master)];
    expect(cache.of('a', master)).toBe(a);
    cache.of('c', master);
    expect(cache.of('a', master)).toBe(a);
    expect(cache.of('b', master)).not.toBe(b);
    expect(master).not.toEqual(Buffer.alloc(32));
  });
});
