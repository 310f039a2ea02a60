import fc from 'fast-check';
import { commandNumber } from './command-key.js';

const text = fc.string({ unit: 'binary', maxLength: 60 });

describe('the number of a command', () => {
  it('is one that SQLite and JavaScript both hold, whatever the id', () => {
    const ids = fc.oneof(
      text,
      fc.uuid(),
      fc.constantFrom('', '-1', 'ffffffff-ffff', '0x1', 'Infinity'),
    );
    fc.assert(
      fc.property(text, ids, (actor, id) => {
        expect(Number.isSafeInteger(commandNumber(actor, id))).toBe(true);
        expect(commandNumber(actor, id)).toBe(commandNumber(actor, id));
      }),
    );
  });

  it('grows with the time in the id (RFC 9562, version 7), whoever acts', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 2 ** 8 - 1 });
    fc.assert(
      fc.property(time, fc.uuid(), text, text, (ms, rest, one, other) => {
        const idAt = (at: number) => {
          const hex = at.toString(16).padStart(12, '0');
          return `${hex.slice(0, 8)}-${hex.slice(8)}-7${rest.slice(15)}`;
        };
        // The index takes 40 of the 48 bits: times that are 256 ms apart.
        expect(commandNumber(one, idAt(ms))).toBeLessThan(commandNumber(other, idAt(ms + 256)));
      }),
    );
  });

  it('is mostly another for another actor, and for another id of the same moment', () => {
    const numbers = new Set<number>();
    for (let n = 0; n < 100; n += 1) {
      const id = `019570c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
      numbers.add(commandNumber('li-1', id)).add(commandNumber('wang-1', id));
    }
    expect(numbers.size).toBeGreaterThan(190);
  });
});
