import type { Clock } from '#libs/service';

/** Ids as the services make them, from a seed: UUIDv7, of the clock's time and of chance. */
export function seededIds(clock: Clock, chance: { next(): number }): () => string {
  const hex = (digits: number): string =>
    Math.floor(chance.next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return () => {
    const time = Date.parse(clock.now()).toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`;
  };
}
