import { refuse } from '#libs/event';
import { withTexts } from './graphql-errors.js';
import { codeOf, refusalError } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';

const texts = {
  DoorLocked: { zh: '{door} 门已锁：{door}。', en: 'The door {door} is locked.' },
  KeyLost: { zh: '钥匙丢了。', en: 'The key is lost {count} times.', source: 'House rules, 3' },
};

describe('a refusal as clients get it', () => {
  it('has its code, both texts with its facts, and the Chinese one as message', () => {
    const { message, extensions } = refusalError(refuse('DoorLocked', { door: 'A' }), texts);
    const zh = 'A 门已锁：A。';
    expect(message).toBe(zh);
    expect(extensions).toEqual({
      code: 'DOOR_LOCKED',
      messages: { zh, en: 'The door A is locked.' },
    });
  });

  it('names the source of its rule where there is one', () => {
    const { extensions } = refusalError(refuse('KeyLost', { count: 0 }), texts);
    expect(extensions).toMatchObject({
      source: 'House rules, 3',
      messages: { en: 'The key is lost 0 times.' },
    });
  });

  it('a fact that is missing leaves its place empty', () => {
    const { extensions } = refusalError(refuse('DoorLocked'), texts);
    expect(extensions['messages']).toMatchObject({ en: 'The door  is locked.' });
  });

  it('a fact is told as it is, whatever it looks like', () => {
    const { message } = refusalError(refuse('DoorLocked', { door: '$& {count}' }), texts);
    expect(message).toBe('$& {count} 门已锁：$& {count}。');
  });

  it.each([
    ['DisputeNotFound', 'DISPUTE_NOT_FOUND'],
    ['Unauthenticated', 'UNAUTHENTICATED'],
    ['Area2Closed', 'AREA2_CLOSED'],
  ])('the code of %s is %s', (name, code) => {
    expect(codeOf(name)).toBe(code);
  });
});

describe('the texts of every request', () => {
  const factsIn = (text: string) =>
    [...text.matchAll(/\{(\w+?)(?:Zh)?\}/g)].map(([, name]) => name);

  it.each(Object.entries(requestRefusals))('%s tells the same facts in both', (_, { zh, en }) => {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(factsIn(zh)).toEqual(factsIn(en));
  });
});

describe('an error that a library made', () => {
  it.each([
    'GRAPHQL_VALIDATION_FAILED',
    'GRAPHQL_PARSE_FAILED',
    'BAD_USER_INPUT',
    'BAD_REQUEST',
    'OPERATION_RESOLUTION_FAILURE',
    'PERSISTED_QUERY_NOT_SUPPORTED',
  ])('about the query keeps its code %s and says why, in both languages', (code) => {
    const path = ['area'];
    const error = withTexts({ message: 'no field "x"', path, extensions: { code } });
    expect(error).toMatchObject({ path, extensions: { code } });
    const messages = { zh: expect.stringContaining('x'), en: expect.stringContaining('x') };
    expect(error.extensions).toMatchObject({ messages });
  });

  it.each([[undefined], ['INTERNAL_SERVER_ERROR'], ['ECONNREFUSED']])(
    'about the inside (%s) tells nothing of it',
    (code) => {
      const error = withTexts({ message: 'connect 10.0.0.1', extensions: { code, stack: 'at x' } });
      expect(error.extensions?.['code']).toBe('INTERNAL_ERROR');
      expect(JSON.stringify(error)).not.toMatch(/10\.0\.0\.1|at x/);
    },
  );

  it('that has its texts already is left as it is', () => {
    const error = { message: 'm', extensions: { code: 'X', messages: { zh: 'z', en: 'e' } } };
    expect(withTexts(error)).toBe(error);
  });
});
