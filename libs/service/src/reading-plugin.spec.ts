import { buildSchema, GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { askedBy } from './reading-plugin.js';
import type { Asked } from './reading-asked.js';

const schema = buildSchema(`
  scalar AsOf
  scalar Position
  type Query {
    area(code: ID!, asOf: [AsOf!], minPosition: [Position!]): String
    dispute(id: ID!, asOf: [AsOf!], minPosition: [Position!]): String
    checklist: String
    _entities: String
  }
  type Mutation { report: String }
`);

function asked(query: string, variables: object = {}, handedOn: Asked = {}): Asked {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined) throw new Error('no operation');
  return askedBy({ schema, document, operation, variables: { ...variables } }, handedOn);
}

const TIME = '2026-03-03T01:30:00.000Z';
const mediation3 = new Map([['mediation', 3]]);

it('finds them in one root field, whether one text or a list', () => {
  expect(asked(`{ area(code: "43", asOf: "${TIME}") }`)).toEqual({ asOf: TIME });
  expect(asked('{ area(code: "43", asOf: "mediation@3") }')).toEqual({ asOf: mediation3 });
  expect(asked('{ area(code: "43", asOf: ["mediation@3"]) }')).toEqual({ asOf: mediation3 });
});

it('finds them behind aliases, variables, fragments and directives', () => {
  const query = `query ($at: [AsOf!], $min: [Position!], $both: Boolean!) {
    here: area(code: "43", asOf: $at, minPosition: $min)
    ...Others @include(if: $both)
    now: area(code: "44") @skip(if: true)
  }
  fragment Others on Query { one: dispute(id: "1", asOf: $at, minPosition: $min) ... { checklist } }`;
  const variables = { at: TIME, min: ['mediation@3'], both: true };
  expect(asked(query, variables)).toEqual({ asOf: TIME, minPosition: mediation3 });
});

it('takes null and what is left out for nothing', () => {
  const query = 'query ($at: [AsOf!]) { area(code: "43", asOf: $at, minPosition: null) checklist }';
  expect(asked(query)).toEqual({});
  expect(asked(query, { at: null })).toEqual({});
});

it('takes the same moment, in whichever way it is written, for one', () => {
  const query = `{
    a: area(code: "43", asOf: "2026-03-03T09:30:00+08:00")
    b: area(code: "43", asOf: ["2026-03-03T01:30:00Z"])
  }`;
  expect(asked(query)).toEqual({ asOf: TIME });
});

describe('root fields that want different moments are refused', () => {
  it.each([
    [
      'two times',
      `a: area(code: "1", asOf: "${TIME}") b: area(code: "1", asOf: "2026-03-04T00:00:00Z")`,
    ],
    ['a time, and now', `a: area(code: "1", asOf: "${TIME}") b: dispute(id: "1")`],
    ['now, and a time', `b: dispute(id: "1", asOf: null) a: area(code: "1", asOf: "${TIME}")`],
    [
      'two minimums',
      'a: area(code: "1", minPosition: "mediation@3") b: area(code: "1", minPosition: "mediation@4")',
    ],
  ])('%s', (_, fields) => {
    expect(() => asked(`{ ${fields} }`)).toThrow(GraphQLError);
  });

  it('but a minimum holds for the fields without one', () => {
    const query = '{ a: dispute(id: "1") b: area(code: "1", minPosition: "mediation@3") }';
    expect(asked(query)).toEqual({ minPosition: mediation3 });
  });
});

describe('what a gateway has handed on', () => {
  it('holds for fields that cannot say it', () => {
    expect(asked('{ _entities }', {}, { asOf: TIME })).toEqual({ asOf: TIME });
  });

  it('must be what the fields say that can', () => {
    const query = `{ area(code: "43", asOf: "${TIME}") }`;
    expect(asked(query, {}, { asOf: TIME })).toEqual({ asOf: TIME });
    expect(() => asked(query, {}, { asOf: mediation3 })).toThrow(GraphQLError);
  });

  it('is nothing to a command: its answer is read after it', () => {
    expect(asked('mutation { report }', {}, { asOf: TIME })).toEqual({});
  });
});
