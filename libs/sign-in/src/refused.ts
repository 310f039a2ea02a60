/** Why nobody is signed in. */
export type SignInRefusal =
  | 'SignInFailed'
  | 'SignInLocked'
  | 'SignInBusy'
  | 'PasswordMustChange'
  | 'PasswordUnfit'
  | 'SessionOver'
  | 'SignInStale'
  | 'ProviderRefused'
  | 'NotOwnPage';

/** A sign-in is refused; the message names no account and no secret. */
export class SignInRefused extends Error {
  readonly code = 'SIGN_IN_REFUSED';
  readonly retryAfterMs: number | undefined;
  constructor(
    readonly refused: SignInRefusal,
    options: { readonly retryAfterMs?: number } & ErrorOptions = {},
  ) {
    super(`the sign-in is refused: ${refused}`, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The identity provider does not answer, and its keys were not read, or too long ago. */
export class ProviderAway extends Error {
  readonly code = 'IDENTITY_PROVIDER_AWAY';
  constructor(
    readonly retryAfterMs: number,
    options?: ErrorOptions,
  ) {
    super('the identity provider does not answer', options);
  }
}
