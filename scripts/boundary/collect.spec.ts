import { z } from 'zod';
import type { Item } from '../boundary.ts';
import { memoryTree } from '../docs/memory-tree.ts';
import { codeItems } from './collect-codes.ts';
import { eventItems } from './collect-events.ts';
import { graphqlItems } from './collect-graphql.ts';
import { refusalItems } from './collect-refusals.ts';

function texts(items: readonly Item[], kind: Item['kind']): readonly string[] {
  return items.filter((item) => item.kind === kind).map((item) => item.text);
}

describe('GraphQL schemas', () => {
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    directive @key(fields: String!) on OBJECT
    """a record""" type Dispute @key(fields: "id") {
      """its id""" id(asked: Int): ID! @deprecated(reason: "old name")
    }
    """the way""" enum Way { """by hand""" MANUAL }
    input Report { place: String } scalar Position union Any = Dispute interface Node { at: ID }`;
  const tree = memoryTree({
    'apps/gateway/schema/mediation.graphql': sdl,
    'apps/gateway/schema/supergraph.graphql': 'type OnlyInSupergraph { id: ID }',
  });
  const items = graphqlItems(tree);

  it('give the names of types, fields, arguments and inputs, once', () =>
    expect(texts(items, 'identifier')).toEqual(
      'Dispute id asked Way Report place Position Any Node at'.split(' '),
    ));

  it('give enum values', () => expect(texts(items, 'enum value')).toEqual(['MANUAL']));

  it('give descriptions and reasons of deprecation', () =>
    expect(texts(items, 'description')).toEqual([
      'a record',
      'its id',
      'old name',
      'the way',
      'by hand',
    ]));

  it('are named in what is found', () =>
    expect(items[0]?.where).toBe('apps/gateway/schema/mediation.graphql:4'));
});

describe('event schemas', () => {
  const party = z.strictObject({ phone: z.string().describe('to call back') });
  const mediationEvents = {
    DisputeReported: z.strictObject({
      place: z.custom<string>(() => true),
      kind: z.enum(['NEIGHBOURS']),
      parties: z.array(party.optional()),
      extra: z.record(z.enum(['KEY']), z.union([z.literal('VALUE'), z.null()])),
      at: z.iso.datetime().brand<'Time'>(),
    }),
  };
  const modules = {
    'apps/mediation/src/dispute.events.ts': {
      mediationEvents,
      otherEvents: () => undefined,
      Dispute: {},
    },
    'libs/contracts/src/published.ts': { publishedEvents: { GridOpened: z.strictObject({}) } },
    'libs/contracts/src/index.ts': { publishedEvents: { SeenTwice: z.strictObject({}) } },
    'libs/event/src/x.events.ts': { strayEvents: { Stray: z.strictObject({}) } },
  };

  it('give event names and field names at any depth', async () =>
    expect(texts(await eventItems(memoryTree(modules)), 'identifier')).toEqual(
      'DisputeReported place kind parties phone extra at GridOpened'.split(' '),
    ));

  it('must be plain records of schemas, or none would be looked at', async () => {
    const wrapped = { mediationEvents: { DisputeReported: { schema: z.strictObject({}) } } };
    const tree = memoryTree({ 'apps/mediation/src/dispute.events.ts': wrapped });
    await expect(eventItems(tree)).rejects.toThrow(
      'apps/mediation/src/dispute.events.ts mediationEvents must be an object of zod schemas',
    );
  });

  it('give allowed values and descriptions', async () => {
    const items = await eventItems(memoryTree(modules));
    expect(texts(items, 'enum value')).toEqual(['NEIGHBOURS', 'VALUE', 'KEY']);
    expect(texts(items, 'description')).toEqual(['to call back']);
  });
});

describe('refusals', () => {
  const modules = {
    'apps/mediation/src/dispute.refusals.ts': {
      disputeRefusals: { DisputeNotFound: { zh: '未找到', en: 'Not found', source: '某法' } },
    },
  };

  it('give codes and both messages, but not the name of the law', async () =>
    expect(await refusalItems(memoryTree(modules))).toEqual(
      [
        { kind: 'code', text: 'DisputeNotFound' },
        { kind: 'description', text: '未找到' },
        { kind: 'description', text: 'Not found' },
      ].map((item) => ({
        where: 'apps/mediation/src/dispute.refusals.ts DisputeNotFound',
        ...item,
      })),
    ));
});

describe('category codes', () => {
  const source = `
    export const disputeKinds = { FAMILY: { code: '01', zh: '婚姻家庭' } } as const;
    export const HAZARD_CODES = Object.freeze(['BLOCKED_EXIT'] satisfies string[]);
    const privateKinds = ['NOT_SEEN'];
    export const names = ['城步苗族自治县'];`;
  const tree = memoryTree({ 'apps/mediation/src/dispute.ts': source });

  it('give names and values of exported constants only', () => {
    expect(texts(codeItems(tree), 'identifier')).toEqual(['FAMILY', 'code', 'zh']);
    expect(texts(codeItems(tree), 'code')).toEqual(['01', '婚姻家庭', 'BLOCKED_EXIT']);
  });
});
