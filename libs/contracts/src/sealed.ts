import { z } from 'zod';

declare const content: unique symbol;

/** 密封段: personal data of one subject, encrypted under the key of that subject. */
export interface Sealed<Content = unknown> {
  /** One person in one record: a UUID in lower case, made for this alone. */
  readonly subject: string;
  /** Which key it is, told without revealing it: 32 bytes, base64url without padding. */
  readonly key: string;
  /** A nonce of 12 bytes, the ciphertext, a tag of 16 bytes; base64url without padding. */
  readonly box: string;
  /** Never there: it tells the compiler what is inside. */
  readonly [content]?: Content;
}

/** One person in one record. In lower case, so that one UUID cannot stand for two keys. */
export const subjectField = z.uuid().lowercase();
/** Characters of a box: about 48 KiB of content, more than a form of texts can hold. */
export const SEALED_BOX_MAX = 65_536;
/** Deeper than any event is nested. */
const DEPTH_MAX = 32;

const sealedForm = z.strictObject({
  subject: subjectField,
  key: z.string().regex(/^[\w-]{43}$/),
  box: z
    .string()
    .max(SEALED_BOX_MAX)
    .regex(/^(?:[\w-]{4}){10,}(?:[\w-]{2,3})?$/),
});

/** The schema of a sealed section; it knows the form, only the subject's key knows the content. */
export function sealedField<Content>(): z.ZodType<Sealed<Content>, Sealed<Content>> {
  return sealedForm;
}

/**
 * The sealed sections of a JSON value, such as an event or a row, in document order.
 *
 * @throws RangeError when it is nested deeper than 32 levels: to leave one out unseen would be worse
 */
export function sealedIn(value: unknown): readonly Sealed[] {
  return [...walk(value, 0)];
}

function* walk(value: unknown, depth: number): Generator<Sealed> {
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEPTH_MAX) throw new RangeError(`nested deeper than ${DEPTH_MAX} levels`);
  if (isSealed(value)) yield value;
  else for (const part of Object.values(value)) yield* walk(part, depth + 1);
}

function isSealed(value: object): value is Sealed {
  // Asked of every object of an event: what cannot be one costs no parsing.
  return 'box' in value && sealedForm.safeParse(value).success;
}
