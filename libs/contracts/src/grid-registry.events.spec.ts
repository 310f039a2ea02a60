import { gridRegistryPublishedEvents as schemas } from './grid-registry.events.js';

const grid = '430502001001001';
const at = '2026-03-01T02:03:04.005Z';
const post = '019570c0-0000-7000-8000-000000000001';
const holder = '019570c0-0000-7000-8000-000000000002';
const office = { post, kind: 'MEDIATOR', area: '430502', holder, at } as const;

/** What other services have stored and sent: if one of these no longer reads, history is lost. */
const golden = {
  GridOpened: { grid, name: '示例一网格', at },
  GridRenamed: { grid, name: '示例二网格', at },
  HolderAppointed: { ...office, holderName: '示例甲' },
  HolderReleased: { ...office, reason: '调任示例岗位' },
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
    ['an empty name', { holderName: '' }],
    ['a name of 101 characters', { holderName: '名'.repeat(101) }],
  ])('%s is refused', (_, change) => {
    const sample = { ...golden.HolderAppointed, ...change };
    expect(schemas.HolderAppointed.safeParse(sample).success).toBe(false);
  });

  it('a name may have 100 characters and a text 2,000', () => {
    const name = '名'.repeat(100);
    expect(schemas.GridOpened.safeParse({ ...golden.GridOpened, name }).success).toBe(true);
    const released = (length: number) =>
      schemas.HolderReleased.safeParse({ ...golden.HolderReleased, reason: '因'.repeat(length) });
    expect([released(2000).success, released(2001).success]).toEqual([true, false]);
  });
});
