import type { GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { buildSchema, type OperationDefinitionNode, parse } from 'graphql';
import { queryLimits } from './query-limits.js';
import type { RequestContext } from './request-context.js';

const schema = buildSchema(`
  scalar _Any
  type Query { _entities(representations: [_Any!]!): [Area]! }
  type Area { code: ID rows(first: Int!): [Area!] }
`);
const QUERY = `query ($of: [_Any!]!, $first: Int!) {
  _entities(representations: $of) { rows(first: $first) { code } }
}`;

type Resolved = GraphQLRequestContextDidResolveOperation<RequestContext>;

async function refused(records: number, first: number): Promise<string | undefined> {
  const of = Array.from({ length: records }, () => ({ __typename: 'Area', code: '43' }));
  const document = parse(QUERY);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const request = { variables: { of, first } };
  const asked = { schema, document, operation, request } as unknown as Resolved;
  const listener = await queryLimits().requestDidStart?.(asked);
  try {
    await listener?.didResolveOperation?.(asked);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

it('records that a service is asked for by their keys count each by itself', async () => {
  expect(await refused(20, 200)).toBeUndefined();
  expect(await refused(2000, 200)).toContain('10000');
  expect(await refused(2000, 1)).toBeUndefined();
});
