/** Stores are not copied: the message says what stands against it. */
export class CopyRefused extends Error {
  readonly code = 'COPY_REFUSED';
}
