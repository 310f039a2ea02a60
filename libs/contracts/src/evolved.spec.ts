import { z } from 'zod';
import { evolved, upcast, versionOf } from './evolved.js';

const plain = z.strictObject({ name: z.string() });
const renamed = evolved(z.strictObject({ title: z.string(), level: z.int(), tags: z.string() }), [
  ({ name, ...rest }) => ({ title: name, ...rest }),
  (data) => ({ ...data, level: 1 }),
  (data) => ({ ...data, tags: `${String(data['title'])} ${String(data['level'])}` }),
]);

it('an event that never changed is of version 1 and read as it is', () => {
  expect(versionOf(plain)).toBe(1);
  expect(upcast(plain, 1, { name: '甲' })).toEqual({ name: '甲' });
});

it.each([
  [1, { name: '甲' }],
  [2, { title: '甲' }],
  [3, { title: '甲', level: 1 }],
  [4, { title: '甲', level: 1, tags: '甲 1' }],
])('version %i is brought to today’s form, step by step', (version, data) => {
  const before = structuredClone(data);
  const today = upcast(renamed, version, data);
  expect(today).toEqual({ title: '甲', level: 1, tags: '甲 1' });
  expect(renamed.parse(today)).toEqual(today);
  expect(data).toEqual(before);
});

it('is written as the version after the last step', () => expect(versionOf(renamed)).toBe(4));
