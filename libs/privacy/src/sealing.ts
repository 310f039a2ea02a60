import { type Sealed, SEALED_BOX_MAX, subjectField } from '#libs/contracts';
import { DerivedKeyCache, type DerivedKeys } from './derived-keys.js';
import { SealBroken } from './faults.js';
import type { SubjectKeys } from './subject-keys.js';
import { randomOf } from './random-pool.js';
import { decrypt, encrypt, NONCE_BYTES } from './suite.js';

/** Keys in a file, or on a server where destroying one takes a while. */
type SealingKeys = Pick<SubjectKeys, 'find' | 'obtain'> & {
  readonly flush: () => unknown;
  readonly destroy: (subject: string) => unknown;
};

const CACHED_KEYS_MAX = 10_000;

export interface SealingOptions {
  /** 12 bytes that never come again under one key; random unless a spec gives its own. */
  readonly nonce?: () => Buffer;
  /** Makes each new key durable at once, for a log that does not flush the keys by itself. */
  readonly flushEachKey?: boolean;
}

/**
 * 密封: seals personal data for its subject and opens it again. A sealed section may be recorded,
 * sent and kept in views as it is; open it where it is shown, and keep what comes out nowhere.
 */
export class Sealing {
  private readonly derived = new DerivedKeyCache(CACHED_KEYS_MAX);

  constructor(
    private readonly keys: SealingKeys,
    private readonly options: SealingOptions = {},
  ) {}

  /**
   * Encrypts content that JSON can hold; the subject's key is made when it has none. The same
   * content gives another section each time, so a repeated command is told by its request.
   *
   * @throws SubjectErased when the subject was erased
   * @throws RangeError when the content is larger than about 48 KiB, or the subject is no UUID in
   *   lower case: what nobody recognises as a sealed section would be missed by an erasure
   */
  seal<Content extends object>(subject: string, content: Content): Sealed<Content> {
    if (!subjectField.safeParse(subject).success) throw new RangeError('the subject is no UUID');
    const { encryption, commitment: key } = this.derived.of(subject, this.keys.obtain(subject));
    if (this.options.flushEachKey) this.keys.flush();
    const nonce = this.options.nonce?.() ?? randomOf(NONCE_BYTES);
    const box = encrypt(encryption, nonce, { subject, key }, JSON.stringify(content));
    if (box.length > SEALED_BOX_MAX) throw new RangeError('too much content to be sealed at once');
    return { subject, key, box };
  }

  /**
   * The content, or undefined when the subject was erased or its key is not here.
   *
   * @throws SealBroken when the section was altered or belongs to another key
   */
  open<Content>(sealed: Sealed<Content>): Content | undefined {
    const keys = this.find(sealed.subject);
    if (keys === undefined) return undefined;
    if (keys.commitment !== sealed.key) throw new SealBroken('sealed under another key');
    const content = decrypt(keys.encryption, sealed.box, sealed);
    if (content === undefined) throw new SealBroken('altered since it was sealed');
    // Only `seal` has the key, and it wrote the content of this type.
    return JSON.parse(content) as Content;
  }

  /**
   * Destroys the subject's key: whatever was sealed for it stays unreadable (PIPL art. 47). Nothing
   * opens it from the call on; once the promise resolves, the key is gone from where it was kept.
   *
   * @throws KeyTracesLeft when it must be repeated to overwrite the key's last bytes
   */
  async erase(subject: string): Promise<void> {
    this.derived.drop(subject);
    await this.keys.destroy(subject);
  }

  private find(subject: string): DerivedKeys | undefined {
    const master = this.keys.find(subject);
    if (Buffer.isBuffer(master)) return this.derived.of(subject, master);
    this.derived.drop(subject);
    return undefined;
  }
}
