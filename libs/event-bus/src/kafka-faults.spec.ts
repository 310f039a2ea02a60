import { BrokerRefused, explained } from './kafka-faults.js';

const secured = { isTls: true, user: 'mediation' };
const work = { right: 'Read', topics: ['a.v1', 'b.v1'], group: 'house.mediation' };
const fault = (name: string, parts: object = {}) =>
  Object.assign(new Error('words'), { name, ...parts });
const inside = (cause: unknown) => fault('KafkaJSNumberOfRetriesExceeded', { cause });
const text = (error: unknown, at: object = secured): string => {
  const told = explained(error, at as never, work);
  expect(told).toBeInstanceOf(BrokerRefused);
  return (told as Error).message;
};

it.each([
  ['KafkaJSSASLAuthenticationError', {}, /^the brokers refuse BUS_USER mediation: .*\(words\)$/],
  ['E', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /other names than BUS_URL has: words$/],
  ['E', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /not trusted: BUS_CA .*SELF_SIGNED_CERT\)$/],
  ['E', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, /not trusted: BUS_CA/],
  ['E', { code: 'CERT_HAS_EXPIRED' }, /CERT_HAS_EXPIRED/],
  ['E', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, /do not speak TLS/],
  ['E', { type: 'TOPIC_AUTHORIZATION_FAILED' }, /Read on a\.v1, or b\.v1: see Rights/],
  ['E', { type: 'GROUP_AUTHORIZATION_FAILED' }, /Read on the group house\.mediation/],
])('%s %j says what to do, also when it is the cause of another', (name, parts, told) => {
  expect(text(fault(name, parts))).toMatch(told);
  expect(text(inside(fault(name, parts)))).toMatch(told);
  expect(text(fault('KafkaJSAggregateError', { errors: [fault(name, parts)] }))).toMatch(told);
});

it('a connection that is closed is explained by what may be missing, and only then', () => {
  const closed = inside(fault('KafkaJSConnectionClosedError'));
  expect(text(closed, { isTls: false, user: 'mediation' })).toMatch(/may want TLS/);
  expect(text(closed, { isTls: true })).toMatch(/may want a sign-in/);
  expect(explained(closed, secured, work)).toBe(closed);
});

it('any other fault stays what it is', () => {
  const away = fault('KafkaJSConnectionError', { code: 'ECONNREFUSED' });
  for (const other of [away, inside(away), undefined, 'words']) {
    expect(explained(other, secured, work)).toBe(other);
  }
});

it('ends with causes that go round in a circle', () => {
  const one = fault('E');
  const other = inside(one);
  Object.assign(one, { cause: other });
  expect(explained(one, secured, work)).toBe(one);
});
