import { fieldDifferences } from './field-differences.js';

it.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, []],
  [{ a: 1 }, { a: '1' }, [{ path: 'a', live: 1, rebuilt: '1' }]],
  [{ a: null }, {}, [{ path: 'a', live: null, rebuilt: undefined }]],
  [
    { parties: [{ id: 'x', consented: true }, { id: 'y' }] },
    { parties: [{ id: 'x', consented: false }] },
    [
      { path: 'parties[0].consented', live: true, rebuilt: false },
      { path: 'parties[1]', live: { id: 'y' }, rebuilt: undefined },
    ],
  ],
  [{ a: [] }, { a: {} }, [{ path: 'a', live: [], rebuilt: {} }]],
  ['no JSON', { a: 1 }, [{ path: '', live: 'no JSON', rebuilt: { a: 1 } }]],
  [JSON.parse('{"__proto__": 1}'), {}, [{ path: '__proto__', live: 1, rebuilt: undefined }]],
])('%j is held against %j field by field', (live, rebuilt, differences) => {
  expect(fieldDifferences(live, rebuilt)).toEqual(differences);
});

it('what is nested too deeply is compared whole, and in bounded time', () => {
  const deep = (end: number): unknown =>
    Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], end);
  const [difference, ...others] = fieldDifferences(deep(1), deep(2));
  expect(difference?.path).toBe('[0]'.repeat(32));
  expect(others).toEqual([]);
});
