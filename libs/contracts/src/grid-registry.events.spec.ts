import { gridRegistryPublishedEvents as schemas } from './grid-registry.events.js';

const grid = '430502001001001';
const at = '2026-03-01T02:03:04.005Z';
const post = '019570c0-0000-7000-8000-000000000001';
const holder = '019570c0-0000-7000-8000-000000000002';
const sealed = { subject: holder, key: 'k'.repeat(43), box: 'b'.repeat(40) };
const office = { post, kind: 'MEDIATOR', area: '430502', holder, at } as const;

/** What other services have stored and sent: if one of these no longer reads, history is lost. */
const golden = {
  GridOpened: { grid, name: '示例一网格', at },
  GridRenamed: { grid, name: '示例二网格', at },
  HolderAppointed: { ...office, sealed },
  HolderReleased: { ...office, sealed },
} as const;

const samples = Object.entries(golden) as [keyof typeof golden, Record<string, unknown>][];

it('there is a golden sample of every published event', () => {
  expect(Object.keys(golden)).toEqual(Object.keys(schemas));
});

describe.each(samples)('%s', (type, sample) => {
  const schema = schemas[type];

  it('reads back from its stored text as it was written', () => {
    expect(schema.parse(JSON.parse(JSON.stringify(sample)))).toEqual(sample);
  });

  it.each(Object.keys(sample))('must have its %s', (field) => {
    const { [field]: _, ...rest } = sample;
    expect(schema.safeParse(rest).success).toBe(false);
  });

  it('has nothing that is not declared', () => {
    expect(schema.safeParse({ ...sample, phone: '000' }).success).toBe(false);
  });
});

describe('a field is held to what it is', () => {
  it.each([
    ['a code that is not normalised', { area: '430502000000' }],
    ['a code that is none', { area: '4305021' }],
    ['an id that is no UUID', { holder: 'A-1' }],
    ['a kind of post that there is not', { kind: 'DRIVER' }],
    ['a time without its zone', { at: '2026-03-01T02:03:04.005' }],
    ['a time with another zone than UTC', { at: '2026-03-01T02:03:04.005+08:00' }],
    ['a day without its time', { at: '2026-03-01' }],
    ['a name that is not sealed', { sealed: { name: '示例甲' } }],
    ['a section with a name beside it', { sealed: { ...sealed, name: '示例甲' } }],
    ['a section that is left out', { sealed: null }],
  ])('%s is refused', (_, change) => {
    const sample = { ...golden.HolderAppointed, ...change };
    expect(schemas.HolderAppointed.safeParse(sample).success).toBe(false);
  });

  it('an account may be there, and is the subject of a sign-in', () => {
    const accepts = (account: unknown) =>
      schemas.HolderAppointed.safeParse({ ...golden.HolderAppointed, account }).success;
    expect(['a-7f3c21', 'x'.repeat(64)].map(accepts)).toEqual([true, true]);
    const refused = ['', 'x'.repeat(65), '示例 甲', 'service:mediation', null];
    expect(refused.map(accepts)).toEqual(refused.map(() => false));
  });

  it('a name has 1 to 100 characters', () => {
    const accepts = (name: string) =>
      schemas.GridOpened.safeParse({ ...golden.GridOpened, name }).success;
    expect(['名', '名'.repeat(100)].map(accepts)).toEqual([true, true]);
    expect(['', '名'.repeat(101)].map(accepts)).toEqual([false, false]);
  });

  it('who was erased is released without a word about why', () => {
    const released = { ...golden.HolderReleased, sealed: null };
    expect(schemas.HolderReleased.parse(released)).toEqual(released);
  });
});
