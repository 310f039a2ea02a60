import type { z } from 'zod';
import { type Sealed, SEALED_BOX_MAX, sealedField, sealedIn } from './sealed.js';

interface Contact {
  readonly name: string;
}

const sealed: Sealed<Contact> = {
  subject: '0195c0de-0000-7000-8000-000000000001',
  key: 'k'.repeat(43),
  box: 'b'.repeat(40),
};
const other = { ...sealed, subject: '0195c0de-0000-7000-8000-000000000002' };

const malformed: readonly (readonly [string, unknown])[] = [
  ['a subject that is no UUID', { ...sealed, subject: '示例甲' }],
  ['a subject in upper case', { ...sealed, subject: sealed.subject.toUpperCase() }],
  ['a key commitment that is too short', { ...sealed, key: 'k'.repeat(42) }],
  ['a key commitment that is too long', { ...sealed, key: 'k'.repeat(44) }],
  ['a key commitment in another base64', { ...sealed, key: `${'k'.repeat(42)}+` }],
  ['a box without room for content', { ...sealed, box: 'b'.repeat(39) }],
  ['a box that no bytes have', { ...sealed, box: 'b'.repeat(41) }],
  ['a box with padding', { ...sealed, box: `${'b'.repeat(43)}=` }],
  ['a box without limit', { ...sealed, box: 'b'.repeat(SEALED_BOX_MAX + 4) }],
  ['a field too many', { ...sealed, name: '示例甲' }],
  ['a field too few', { subject: sealed.subject, box: sealed.box }],
  ['a list', [sealed.subject, sealed.key, sealed.box]],
];

/** Objects nested in each other, the innermost of which stands `depth` levels down. */
const nested = (depth: number, inmost: unknown): unknown =>
  Array.from({ length: depth }).reduce((inner) => ({ inner }), inmost);

describe('the schema of a sealed section', () => {
  it('takes one as it is, and its type says what is inside', () => {
    const parsed: z.infer<ReturnType<typeof sealedField<Contact>>> =
      sealedField<Contact>().parse(sealed);
    const typed: Sealed<Contact> = parsed;
    // @ts-expect-error another content is another type
    const wrong: Sealed<{ readonly phone: string }> = parsed;
    expect(typed).toEqual(sealed);
    expect(wrong).toBe(typed);
  });

  it.each(malformed)('refuses %s', (_, value) => {
    expect(sealedField().safeParse(value).success).toBe(false);
  });

  it.each([40, 42, 43, 44, SEALED_BOX_MAX])('takes a box of %s characters', (length) => {
    expect(sealedField().safeParse({ ...sealed, box: 'b'.repeat(length) }).success).toBe(true);
  });
});

describe('the sealed sections of a value', () => {
  it('are found wherever they stand, in document order', () => {
    const event = { type: 'T', party: other, more: [{ at: 1, contact: sealed }, null, other] };
    expect(sealedIn(event)).toEqual([other, sealed, other]);
    expect(sealedIn(sealed)).toEqual([sealed]);
  });

  it.each(malformed.slice(0, -1))('do not include %s', (_, value) => {
    expect(sealedIn({ value })).toEqual([]);
  });

  it.each([[undefined], [null], ['text'], [7], [true], [[]], [{}]])(
    'there are none in %j',
    (value) => {
      expect(sealedIn(value)).toEqual([]);
    },
  );

  it('are found 32 levels down; what is nested deeper is a mistake, not passed over', () => {
    expect(sealedIn(nested(32, sealed))).toEqual([sealed]);
    expect(() => sealedIn(nested(33, sealed))).toThrow(RangeError);
  });
});
