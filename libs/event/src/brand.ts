declare const brand: unique symbol;

/** A string that was checked once, where it entered: the brand says as what. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };
