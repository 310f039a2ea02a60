import { v7, validate } from 'uuid';

let source: () => string = () => v7();

/** A new UUIDv7 (RFC 9562): time-ordered, so that indexes grow at their end. */
export function newId(): string {
  return source();
}

/** Lets all ids of this process come from `next`, as in a simulation; without it, from chance. */
export function takeIdsFrom(next: () => string = () => v7()): void {
  source = next;
}

export function isId(text: string): boolean {
  return validate(text);
}
