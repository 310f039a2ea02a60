import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { sourceTree } from './docs/tree.ts';
import { composeSchemas, SCHEMA_FOLDER } from './schema.ts';

const SERVICES = ['grid-registry', 'mediation', 'volunteers', 'inspections'];
const SHARED = [
  'Area',
  'AsOf',
  'Boolean',
  'Day',
  'Holder',
  'ID',
  'Int',
  'Mutation',
  'Observation',
  'PageInfo',
  'Position',
  'Query',
  'String',
  'Time',
];

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('the schemas of the gateway', () => {
  it('are what the services’ code says: else run `npm run schema`', async () => {
    const files = await composeSchemas(sourceTree(ROOT));
    expect(files.map(({ name }) => name)).toEqual([
      ...SERVICES.map((name) => `${name}.graphql`),
      'supergraph.graphql',
    ]);
    for (const { name, text } of files) {
      expect(readFileSync(join(ROOT, SCHEMA_FOLDER, name), 'utf8')).toBe(text);
    }
  });

  it('keep each service’s types to itself, though all share one process', () => {
    const typesOf = (name: string): readonly string[] => {
      const sdl = readFileSync(join(ROOT, SCHEMA_FOLDER, `${name}.graphql`), 'utf8');
      const schema = buildSchema(sdl, { assumeValidSDL: true });
      return Object.keys(schema.getTypeMap()).filter(
        (type) => !/^_|^(link|federation)__/.test(type),
      );
    };
    const owners = new Map<string, string[]>();
    for (const service of SERVICES) {
      for (const type of typesOf(service)) {
        owners.set(type, [...(owners.get(type) ?? []), service]);
      }
    }
    const shared = [...owners].filter(([, services]) => services.length > 1).map(([type]) => type);
    // Entities that several services know, what lists and answers are made of, and scalars.
    expect(shared.sort()).toEqual(SHARED);
  });
});
