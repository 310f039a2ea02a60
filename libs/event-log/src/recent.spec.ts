import { Recent } from './recent.js';

const filled = (limit: number, names: readonly string[]): Recent<string> => {
  const recent = new Recent<string>(limit);
  for (const name of names) recent.set(name, `of ${name}`);
  return recent;
};

describe('what is remembered of the newest events', () => {
  it('is found by its name, as it was said last', () => {
    const recent = filled(2, ['a', 'b']);
    recent.forget(2, 2);
    recent.set('a', 'anew');
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([
      'anew',
      'of b',
      undefined,
    ]);
  });

  it('stays, however much may be forgotten, until a generation is full', () => {
    const recent = filled(3, ['a', 'b']);
    for (const end of [2, 3, 4]) recent.forget(end, end);
    expect(recent.get('a')).toBe('of a');
  });

  it('goes a generation at a time, and the newest is kept', () => {
    const recent = filled(2, ['a', 'b']);
    recent.forget(2, 2);
    recent.set('c', 'of c');
    recent.set('d', 'of d');
    recent.forget(4, 4);
    expect(['a', 'b', 'c', 'd'].map((name) => recent.get(name))).toEqual([
      undefined,
      undefined,
      'of c',
      'of d',
    ]);
  });

  it('never goes before all of its generation may be forgotten', () => {
    const recent = filled(2, ['a', 'b', 'c']);
    recent.forget(1, 3);
    recent.set('d', 'of d');
    recent.set('e', 'of e');
    recent.forget(2, 5);
    expect(['a', 'b', 'c'].map((name) => recent.get(name))).toEqual(['of a', 'of b', 'of c']);
    recent.forget(3, 5);
    expect([recent.get('c'), recent.get('e')]).toEqual([undefined, 'of e']);
  });

  it('may have forgotten what ranks no higher than what went, or than what it was never told', () => {
    const recent = new Recent<string>(1, 10);
    expect([10, 11].map((rank) => recent.mayHaveForgotten(rank))).toEqual([true, false]);
    recent.set('a', 'of a', 12);
    recent.forget(1, 1);
    recent.set('b', 'of b', 11);
    expect(recent.mayHaveForgotten(12)).toBe(false);
    recent.forget(2, 2);
    expect(recent.get('a')).toBeUndefined();
    expect([12, 13].map((rank) => recent.mayHaveForgotten(rank))).toEqual([true, false]);
  });

  it('finds what it remembers by its rank, in either generation', () => {
    const recent = new Recent<number>(2);
    recent.set('old', 1, 10);
    recent.set('oldest', 2, 9);
    recent.forget(2, 2);
    recent.set('young', 3, 11);
    const ranks = { oldest: 9, old: 10, young: 11 };
    const found = Object.entries(ranks).map(([name, rank]) => recent.get(name, rank));
    expect(found).toEqual([2, 1, 3]);
    expect(recent.get('none', 12)).toBeUndefined();
  });

  it('may have forgotten anything unless it is told what it was never told', () => {
    expect(new Recent<string>(1).mayHaveForgotten(1e300)).toBe(true);
  });
});
