import { generateKeyPairSync } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { issueToken } from '#libs/access';
import { COUNTRY } from '#libs/contracts';
import { SystemClock } from '#libs/scheduler';
import { openIdentities } from '#libs/sign-in';
import { languageOf, requestContext } from './request-context.js';

describe('an answer is in Chinese unless English is wanted more', () => {
  it.each([
    [undefined, 'zh'],
    ['', 'zh'],
    ['*', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en', 'en'],
    ['en-GB', 'en'],
    ['EN-us', 'en'],
    ['en-US,en;q=0.9,zh-CN;q=0.8', 'en'],
    ['zh;q=0.5, en;q=0.6', 'en'],
    ['en;q=0.5, zh;q=0.6', 'zh'],
    ['en ; q=0.5 , zh ; q=0.4', 'en'],
    ['zh;q=0.1, fr, en', 'en'],
    ['fr, de;q=0.5', 'zh'],
    // Equally wanted is not more, in whichever order.
    ['en, zh', 'zh'],
    ['zh, en', 'zh'],
    // A quality of 0 means: not this one (RFC 9110 section 12.4.2).
    ['en;q=0', 'zh'],
    ['en;q=0.0, zh;q=0', 'zh'],
    ['en-US;q=0.2, en-GB;q=0.9, zh;q=0.5', 'en'],
    ['english', 'zh'],
    ['en;q=x', 'en'],
    ['en;q=., zh', 'zh'],
  ])('%j: %s', (accepted, language) => {
    expect(languageOf(accepted)).toBe(language);
  });
});

describe('what a resolver knows of its request', () => {
  const key = generateKeyPairSync('ed25519');
  const identities = openIdentities({ key, clock: new SystemClock() });
  const asked = { subject: 'li-1', role: 'reader', area: COUNTRY, hours: 1 } as const;

  it('is who acts, in which language, and the headers to hand on', async () => {
    const authorization = `Bearer ${await issueToken(key, asked)}`;
    const headers = { authorization, 'accept-language': 'en', cookie: 'stays here' };
    expect(await requestContext(identities, headers)).toEqual({
      identity: {
        subject: 'li-1',
        kind: 'system',
        claims: [{ role: 'reader', area: '0', source: { kind: 'claim' } }],
        expiresAtMs: expect.any(Number) as number,
      },
      language: 'en',
      headers: { authorization, 'accept-language': 'en' },
      asked: {},
    });
  });

  it('is what the request is made for, which is handed on', async () => {
    const authorization = `Bearer ${await issueToken(key, asked)}`;
    const context = await requestContext(identities, {
      authorization,
      'fengqiao-purpose': 'audit',
    });
    expect(context.purpose).toBe('audit');
    expect(context.headers).toMatchObject({ 'fengqiao-purpose': 'audit' });
  });

  it('no purpose that there is, is refused with 400', async () => {
    const authorization = `Bearer ${await issueToken(key, asked)}`;
    const { extensions } = await refusalOf({ authorization, 'fengqiao-purpose': 'curiosity' });
    expect(extensions).toMatchObject({ code: 'PURPOSE_UNKNOWN', http: { status: 400 } });
  });

  it('is the moment that a gateway hands on', async () => {
    const authorization = `Bearer ${await issueToken(key, asked)}`;
    const asOf = '2026-03-03T01:30:00.000Z';
    const context = await requestContext(identities, { authorization, 'fengqiao-as-of': asOf });
    expect(context.asked).toEqual({ asOf });
  });

  it('no moment is refused with 400, in the language of the reader', async () => {
    const authorization = `Bearer ${await issueToken(key, asked)}`;
    const wrong = { authorization, 'accept-language': 'en', 'fengqiao-as-of': 'then' };
    const { message, extensions } = await refusalOf(wrong);
    expect(extensions).toMatchObject({ code: 'AS_OF_MALFORMED', http: { status: 400 } });
    expect(message).toContain('"then" is neither');
  });

  async function refusalOf(headers: Readonly<Record<string, string>>): Promise<GraphQLError> {
    const error: unknown = await requestContext(identities, headers).catch(
      (refused: unknown) => refused,
    );
    if (error instanceof GraphQLError) return error;
    throw new Error('was let in');
  }

  it('without a token it is refused with 401, in both languages', async () => {
    const { message, extensions } = await refusalOf({});
    expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', http: { status: 401 } });
    expect(extensions['messages']).toEqual({
      zh: '请先登录：请求没有令牌。',
      en: expect.stringContaining('the request has no bearer token'),
    });
    expect(message).toBe('请先登录：请求没有令牌。');
  });

  it('the refusal is in the language of the reader and says why', async () => {
    const other = generateKeyPairSync('ed25519');
    const authorization = `Bearer ${await issueToken(other, asked)}`;
    const { message } = await refusalOf({ authorization, 'accept-language': 'en' });
    expect(message).toContain('the token is not valid');
    const hours = -1;
    const late = `Bearer ${await issueToken(key, { ...asked, hours })}`;
    expect((await refusalOf({ authorization: late })).message).toContain('令牌已过期');
  });
});
