import { GraphQLError } from 'graphql';
import { askedIn, asOfIn, headersOf, minPositionIn, textOf } from './reading-asked.js';

const positions = (...all: readonly (readonly [string, number])[]) => new Map(all);

function codeOfRefusal(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphQLError) return error.extensions['code'];
    throw error;
  }
  return undefined;
}

describe('asOf is one time or a position of each service', () => {
  it.each([
    ['2026-03-03T09:30:00+08:00', '2026-03-03T01:30:00.000Z'],
    ['2026-03-03T01:30:00.123Z', '2026-03-03T01:30:00.123Z'],
    // Recorded times have milliseconds: what is finer was recorded by then as well.
    ['2026-03-03T01:30:00.1239Z', '2026-03-03T01:30:00.123Z'],
    // What an offset puts before the year 1000 or after 9999 could not be handed on.
    ['9999-12-31T23:59:59-23:59', '9999-12-31T23:59:59.999Z'],
    ['1000-01-01T00:00:00+08:00', '1000-01-01T00:00:00.000Z'],
  ])('the time %s', (text, time) => {
    expect(asOfIn([text])).toBe(time);
  });

  it('positions, each of another service', () => {
    const asOf = asOfIn(['mediation@3', 'grid-registry@0']);
    expect(asOf).toEqual(positions(['mediation', 3], ['grid-registry', 0]));
  });

  it.each([
    ['nothing', []],
    ['a word', ['yesterday']],
    ['a day', ['2026-03-03']],
    ['a time without an offset', ['2026-03-03T09:30:00']],
    ['a day that is in no calendar', ['2026-02-30T09:30:00Z']],
    ['two times', ['2026-03-03T09:30:00Z', '2026-03-04T09:30:00Z']],
    ['a time beside a position', ['2026-03-03T09:30:00Z', 'mediation@3']],
    ['two positions of one service', ['mediation@3', 'mediation@4']],
    ['a position below all', ['mediation@-1']],
    ['a position that is no whole number', ['mediation@1.5']],
    ['a position with other digits', ['mediation@٣']],
    ['a position without its service', ['@3']],
    ['a position beyond what a log can hold', ['mediation@9999999999999999']],
    ['no text', [null]],
    ['a number', [3]],
    [
      'more positions than there are services',
      Array.from({ length: 21 }, (_, n) => `mediation@${n}`),
    ],
  ])('%s is refused', (_, items) => {
    expect(codeOfRefusal(() => asOfIn(items))).toBe('AS_OF_MALFORMED');
  });

  it.each(['police@3', 'gateway@3', 'platform@0', 'constructor@1'])('%s is unknown', (item) => {
    expect(codeOfRefusal(() => asOfIn([item]))).toBe('POSITION_UNKNOWN');
    expect(codeOfRefusal(() => minPositionIn([item]))).toBe('POSITION_UNKNOWN');
  });
});

describe('minPosition is a position of each service that is waited for', () => {
  it('none says nothing', () => {
    expect(minPositionIn([])).toEqual(positions());
  });

  it.each([
    ['a time', ['2026-03-03T09:30:00Z']],
    ['a word', ['now']],
    ['two positions of one service', ['mediation@3', 'mediation@3']],
  ])('%s is refused', (_, items) => {
    expect(codeOfRefusal(() => minPositionIn(items))).toBe('MIN_POSITION_MALFORMED');
  });
});

describe('a gateway hands on what it was asked for', () => {
  it.each([
    [{}],
    [{ asOf: '2026-03-03T01:30:00.000Z' }],
    [{ asOf: positions(['mediation', 3], ['volunteers', 12]) }],
    [{ asOf: '2026-03-03T01:30:00.000Z', minPosition: positions(['inspections', 7]) }],
  ])('%j', (asked) => {
    expect(askedIn(headersOf(asked))).toEqual(asked);
  });

  it('the same meaning is the same text', () => {
    const [one, other] = [
      asOfIn(['mediation@3', 'volunteers@1']),
      asOfIn(['volunteers@1', 'mediation@3']),
    ];
    expect(textOf(one)).toBe(textOf(other));
  });

  it('a header that says neither is refused', () => {
    expect(codeOfRefusal(() => askedIn({ 'fengqiao-as-of': 'then' }))).toBe('AS_OF_MALFORMED');
  });
});
