import type { Mongo } from './connection.js';

/** The databases of one service: what is lost, kept and backed up apart lies apart. */
export interface DatabaseNames {
  readonly log: string;
  readonly signed: string;
  readonly views: string;
  readonly keys: string;
}

/** @param keys the server of the keys, which may be another */
export function databaseNames(
  { mongo, keys }: { readonly mongo: Pick<Mongo, 'base'>; readonly keys: Pick<Mongo, 'base'> },
  service: string,
): DatabaseNames {
  return {
    log: `${mongo.base}-${service}`,
    signed: `${mongo.base}-${service}-signed`,
    views: `${mongo.base}-${service}-views`,
    keys: `${keys.base}-${service}-keys`,
  };
}
