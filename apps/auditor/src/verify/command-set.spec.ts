import fc from 'fast-check';
import { CommandSet, type Repeat } from './command-set.js';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Few different halves, so that many share one, and all of the other in some. */
const few = fc.constantFrom(0, 1, 2 ** 26, 2 ** 32 - 1);

function repeatsOf(set: CommandSet): readonly Repeat[] {
  const repeats: Repeat[] = [];
  set.repeats((repeat) => repeats.push(repeat));
  return repeats.toSorted((one, other) => one.position - other.position);
}

describe('the commands of a log', () => {
  it('that were seen before are told with where they were seen first, all others not', () => {
    const commands = fc.array(fc.tuple(fc.oneof(few, word), fc.oneof(few, word)), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(commands, (all) => {
        const set = new CommandSet(all.length);
        const firsts = new Map<string, number>();
        const expected: Repeat[] = [];
        for (const [position, [low, high]] of all.entries()) {
          set.note(low, high, position);
          const first = firsts.get(`${low} ${high}`);
          if (first === undefined) firsts.set(`${low} ${high}`, position);
          else expected.push({ position, first });
        }
        expect(repeatsOf(set)).toEqual(expected);
        expect(set.size).toBe(firsts.size);
      }),
    );
  });

  it('may all be alike in half of their fingerprints, and more than were expected', () => {
    const set = new CommandSet(0);
    const most = 1_000;
    for (let position = 0; position < most; position += 1) set.note(position, 7, position);
    set.note(3, 7, most);
    expect(repeatsOf(set)).toEqual([{ position: most, first: 3 }]);
    expect(set.size).toBe(most);
  });
});
