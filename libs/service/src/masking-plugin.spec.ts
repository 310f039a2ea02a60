import { ApolloServer } from '@apollo/server';
import { maskedIn, maskingPlugin } from './masking-plugin.js';
import type { RequestContext } from './request-context.js';

async function answered(masked?: Set<string>) {
  const server = new ApolloServer<RequestContext>({
    typeDefs: 'type Query { name: String }',
    plugins: [maskingPlugin()],
  });
  const contextValue = { ...(masked && { masked }) } as RequestContext;
  const { body } = await server.executeOperation({ query: '{ name }' }, { contextValue });
  if (body.kind !== 'single') throw new Error('one answer was asked for');
  return body.singleResult.extensions;
}

it('an answer says which services have masked personal data, and why, in both languages', async () => {
  const extensions = await answered(new Set(['volunteers', 'mediation']));
  expect(extensions).toEqual({
    masked: {
      services: ['mediation', 'volunteers'],
      messages: {
        zh: expect.stringContaining('个人信息暂不显示') as string,
        en: expect.stringContaining('personal data are not shown') as string,
      },
    },
  });
  expect(maskedIn(extensions)).toEqual(['mediation', 'volunteers']);
});

it('an answer in which nothing is masked says nothing of it', async () => {
  expect(await answered()).toBeUndefined();
  expect([maskedIn(undefined), maskedIn({ masked: { services: 'all' } })]).toEqual([[], []]);
});
