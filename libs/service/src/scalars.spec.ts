import { Kind } from 'graphql';
import { Day, Position, Time } from './scalars.js';

const literal = (value: string) => ({ kind: Kind.STRING, value }) as const;

describe('a day', () => {
  it.each(['2026-03-01', '2028-02-29', '2026-12-31', '0001-01-01'])('may be %s', (text) => {
    expect(Day.parseValue(text)).toBe(text);
    expect(Day.parseLiteral(literal(text))).toBe(text);
  });

  it.each([
    ['that does not exist', '2026-02-29'],
    ['of a month that does not exist', '2026-13-01'],
    ['number 0', '2026-03-00'],
    ['with a time', '2026-03-01T00:00:00Z'],
    ['without its zeros', '2026-3-1'],
    ['in words', '1 March 2026'],
    ['before blanks', '2026-03-01 '],
    ['of a year with six digits', '+002026-03-01'],
    ['that is empty', ''],
    ['that is a month', '2026-03'],
  ])('%s is refused: %j', (_, text) => {
    expect(() => Day.parseValue(text)).toThrow('a day is written YYYY-MM-DD');
    expect(() => Day.parseLiteral(literal(text))).toThrow(TypeError);
  });
});

describe.each([Day, Time, Position])('%s', (scalar) => {
  it('is written as a text, and nothing else', () => {
    for (const value of [20260301, null, undefined, {}, true]) {
      expect(() => scalar.parseValue(value)).toThrow('a text is expected');
    }
    expect(() => scalar.parseLiteral({ kind: Kind.INT, value: '1' })).toThrow(TypeError);
  });

  it('is answered as it is stored', () => {
    expect(scalar.serialize('2026-03-01')).toBe('2026-03-01');
  });
});

it('a position is read as it was answered', () => {
  expect(Position.parseValue('mediation@1234')).toBe('mediation@1234');
  expect(Position.parseLiteral(literal('mediation@1234'))).toBe('mediation@1234');
});
