import { logEvents as schemas } from './log.events.js';

/** What logs have stored: if one of these no longer reads, a log can no longer be read. */
const golden = {
  LogRecovered: {
    epoch: 2,
    origin: 'fengqiao.localhost/mediation/epoch-2',
    reason: '磁盘损坏，已用三月一日的备份恢复。',
    lostSize: 120,
    lostRoot: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    at: '2026-03-01T02:03:04.005Z',
  },
  DeliverySkipped: {
    handler: 'ReturnDisputesReaction.on',
    origin: 'grid-registry',
    stream: 'post-019a0000-0000-7000-8000-0000000000a1',
    position: 1234,
    reason: '岗位在迁移前已不存在，经核对无纠纷需要退回。',
    at: '2026-03-01T02:03:04.005Z',
  },
} as const;

const samples = Object.entries(golden) as [keyof typeof golden, Record<string, unknown>][];

it('there is a golden sample of every event of a log', () => {
  expect(Object.keys(golden)).toEqual(Object.keys(schemas));
});

describe.each(samples)('%s', (type, sample) => {
  it('reads back from its stored text as it was written', () => {
    expect(schemas[type].parse(JSON.parse(JSON.stringify(sample)))).toEqual(sample);
  });

  it.each(Object.keys(sample))('must have its %s', (field) => {
    const { [field]: _, ...rest } = sample;
    expect(schemas[type].safeParse(rest).success).toBe(false);
  });

  it('has nothing that is not declared', () => {
    expect(schemas[type].safeParse({ ...sample, phone: '000' }).success).toBe(false);
  });
});

it.each([
  ['the first name of a log', { epoch: 1 }],
  ['no reason', { reason: '' }],
  ['a root of another length', { lostRoot: 'AAAA' }],
  ['a root that is no base64', { lostRoot: '*'.repeat(44) }],
  ['fewer events than none', { lostSize: -1 }],
])('a recovery with %s is refused', (_, change) => {
  expect(schemas.LogRecovered.safeParse({ ...golden.LogRecovered, ...change }).success).toBe(false);
});

it('what was lost may never have been signed', () => {
  const unsigned = { ...golden.LogRecovered, lostRoot: null };
  expect(schemas.LogRecovered.parse(unsigned)).toEqual(unsigned);
});

it.each([
  ['no reason', { reason: '' }],
  ['a blank reason', { reason: ' \n ' }],
  ['a reason that is too long', { reason: 'x'.repeat(501) }],
  ['no handler', { handler: '' }],
  ['a place before the first', { position: -1 }],
])('a skip with %s is refused', (_, change) => {
  const { success } = schemas.DeliverySkipped.safeParse({ ...golden.DeliverySkipped, ...change });
  expect(success).toBe(false);
});
