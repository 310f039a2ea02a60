import { buildSchema, graphql, type GraphQLSchema } from 'graphql';
import { claimedIdentity, type Role } from '#libs/access';
import { areaCodeField } from '#libs/contracts';
import { Commands, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import type { LiveViews } from '#libs/views';
import { Actors } from './actors.js';
import { authorise } from './authorise.js';
import { guardSchema } from './guarded-schema.js';
import { each, type Guards, parts, typeGuard } from './guards.js';
import { Reading } from './reading.js';
import type { Readings } from './readings.js';
import type { RequestContext } from './request-context.js';

const HERE = areaCodeField.parse('430502');
const ELSEWHERE = areaCodeField.parse('430503');

const SDL = `
  type Query { door(id: ID!): Door doors: [Door!] open: String }
  type Door { id: ID! colour: String secret: String lock: Lock }
  type Lock { key: String }
`;
const guards: Guards = {
  Query: { fields: { 'door(id)': 'area.read', doors: 'area.read', open: 'signed-in' } },
  Door: typeGuard<{ readonly id: string }>({
    target: ({ id }) => ({ area: id === 'here' ? HERE : ELSEWHERE }),
    fields: { ...each('area.read', 'id', 'colour'), secret: 'dispute.read', lock: 'dispute.read' },
  }),
  Lock: parts('key'),
};

const clock = new SystemClock();
const log = openMemoryLog({ origin: 'door', events: {}, now: () => clock.now() });
const none = {
  head: async () => 0,
  grantsOf: async () => [],
  uncertainPosts: async () => new Set<string>(),
};
const actors = new Actors(none);
const readings = {
  of: async () => new Reading({} as LiveViews, clock.now()),
} as Pick<Readings, 'of'> as Readings;
const source = { actors, readings, commands: new Commands(log, { of: () => undefined }) };

const door = (id: string) => ({ id, colour: 'red', secret: 'words', lock: { key: 'k' } });

/** Root resolvers that ask, unless told to forget. */
function schemaWith({ forgets = false } = {}): GraphQLSchema {
  const schema = buildSchema(SDL);
  const fields = schema.getQueryType()!.getFields();
  fields['door']!.resolve = async (_, { id }, context: RequestContext) => {
    if (!forgets) authorise(await actors.of(context), 'area.read', HERE);
    return door(String(id));
  };
  fields['doors']!.resolve = () => [door('here')];
  fields['open']!.resolve = () => 'open';
  return guardSchema(schema, guards, source);
}

async function asked(query: string, role: Role = 'supervisor', schema = schemaWith()) {
  const identity = claimedIdentity({ subject: 's-1', role, area: HERE });
  const contextValue = { identity, language: 'en', headers: {} };
  const { data, errors } = await graphql({ schema, source: query, contextValue });
  const told = errors?.map(({ extensions, originalError }) => {
    const code = (originalError as { code?: unknown } | undefined)?.code;
    return extensions['code'] ?? code;
  });
  return { data: JSON.parse(JSON.stringify(data)) as unknown, told };
}

describe('a field of a record', () => {
  it('is shown to whoever has its right there', async () => {
    const { data } = await asked('{ door(id: "here") { id colour secret lock { key } } }');
    expect(data).toEqual({
      door: { id: 'here', colour: 'red', secret: 'words', lock: { key: 'k' } },
    });
  });

  it('is not shown without the right, and says so', async () => {
    const { data, told } = await asked(
      '{ door(id: "here") { colour secret lock { key } } }',
      'reader',
    );
    expect(data).toEqual({ door: { colour: 'red', secret: null, lock: null } });
    expect(told).toEqual(['ROLE_MAY_NOT', 'ROLE_MAY_NOT']);
  });

  it('of a record that was handed out by mistake is not shown either', async () => {
    const { data, told } = await asked('{ door(id: "there") { colour } }');
    expect([data, told]).toEqual([{ door: { colour: null } }, ['OUT_OF_SCOPE']]);
  });
});

describe('a root field', () => {
  it('whose resolver forgot to ask for its right answers nothing', async () => {
    const { data, told } = await asked(
      '{ door(id: "here") { id } }',
      'supervisor',
      schemaWith({ forgets: true }),
    );
    expect([data, told]).toEqual([{ door: null }, ['RIGHT_NOT_ASKED']]);
    expect(await asked('{ doors { id } }')).toEqual({
      data: { doors: null },
      told: ['RIGHT_NOT_ASKED'],
    });
  });

  it('that takes no right is shown to whoever is signed in', async () => {
    expect((await asked('{ open }', 'operator')).data).toEqual({ open: 'open' });
  });
});

describe('a reference', () => {
  const ask = async (key: object): Promise<unknown> => {
    const schema = buildSchema(SDL);
    const subgraph = { resolveReference: async (asked: object): Promise<unknown> => asked };
    schema.getType('Door')!.extensions = { apollo: { subgraph } };
    const withReference = { ...guards, Door: { ...guards['Door']!, reference: 'signed-in' } };
    guardSchema(schema, withReference as Guards, source);
    return subgraph.resolveReference(key);
  };

  it('is resolved by its key', async () => {
    const key = { __typename: 'Door', id: 'here' };
    expect(await ask(key)).toBe(key);
  });

  it.each([{ $gt: '' }, ['here'], 5, null])('by nothing but texts: %j', async (id) => {
    const asked = ask({ __typename: 'Door', id });
    await expect(asked).rejects.toMatchObject({ extensions: { code: 'INPUT_INVALID' } });
  });
});

describe('a service does not start', () => {
  const start =
    (sdl: string, rules: Guards = guards) =>
    () =>
      guardSchema(buildSchema(sdl), rules, source);

  it('with all its rules in place, it does', () => expect(start(SDL)).not.toThrow());

  it.each([
    [
      'a field has no rule',
      SDL.replace('colour:', 'owner: String colour:'),
      'Door.owner has no rule',
    ],
    // JavaScript gives every object these: they are no rules.
    [
      'it is called like what objects have',
      SDL.replace('colour:', 'toString: String colour:'),
      'Door.toString has no rule',
    ],
    ['a type is called so', `${SDL} type valueOf { id: ID }`, 'the type valueOf has no rules'],
    ['a root field has none', SDL.replace('open:', 'gate: String open:'), 'Query.gate has no rule'],
    [
      'an argument was added',
      SDL.replace('door(id: ID!)', 'door(id: ID!, of: ID)'),
      'Query.door(id) has a rule, but is no field',
    ],
    ['a type has no rules', `${SDL} type Key { id: ID }`, 'the type Key has no rules'],
    [
      'a field is gone',
      SDL.replace('colour: String', ''),
      'Door.colour has a rule, but is no field',
    ],
    [
      'a type is gone',
      SDL.replace('type Lock { key: String }', '').replace('lock: Lock', ''),
      'Lock',
    ],
  ])('when %s', (_, sdl, why) => expect(start(sdl)).toThrow(why));

  it('when a record does not say what its rights depend on', () => {
    const without = { ...guards, Door: { fields: guards['Door']!.fields } };
    expect(start(SDL, without)).toThrow('Door does not say what the rights');
  });
});
