import { z } from 'zod';
import type { Item } from '../boundary.ts';
import { loadAll, type Tree } from '../docs/tree.ts';

const EVENT_FILES =
  /^(apps\/[^/]+\/src\/.+\.events\.ts|libs\/(appointments|calendar|contracts|grid-work)\/src\/.+\.ts)$/;

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Event names, field names, descriptions and allowed values of every registry `...Events`. */
export async function eventItems(tree: Tree): Promise<readonly Item[]> {
  const files = await loadAll(tree, EVENT_FILES);
  return files.flatMap(({ path, module }) =>
    Object.entries(module)
      .filter(([name, value]) => name.endsWith('Events') && typeof value === 'object')
      .flatMap(([name, value]) => registryItems(path, registryOf(`${path} ${name}`, value))),
  );
}

type Registry = Readonly<Record<string, z.ZodType>>;

/** A registry in another form would be passed over in silence: it fails instead. */
function registryOf(where: string, value: unknown): Registry {
  if (isRegistry(value)) return value;
  throw new Error(`${where} must be an object of zod schemas, one for each event`);
}

function isRegistry(value: unknown): value is Registry {
  return Object.values(value ?? [null]).every((schema) => schema instanceof z.ZodType);
}

export function registryItems(path: string, registry: Registry): readonly Item[] {
  return Object.entries(registry).flatMap(([event, schema]) => {
    const where = `${path} ${event}`;
    // The stored form is what goes in; branded and custom fields have no JSON schema of their own.
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    return [{ where, kind: 'identifier' as const, text: event }, ...schemaItems(where, json)];
  });
}

function schemaItems(where: string, schema: unknown): readonly Item[] {
  if (!isSchema(schema)) return []; // `true`, `false` or an absent part
  return [
    ...texts(where, 'description', [schema.title, schema.description]),
    ...texts(where, 'enum value', [schema.const, ...(schema.enum ?? [])]),
    ...named(where, schema.properties),
    ...named(where, schema.$defs),
    ...children(schema).flatMap((child) => schemaItems(where, child)),
  ];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

function named(where: string, schemas: Readonly<Record<string, unknown>> = {}): readonly Item[] {
  return Object.entries(schemas).flatMap(([name, schema]) => [
    { where, kind: 'identifier' as const, text: name },
    ...schemaItems(where, schema),
  ]);
}

function children(node: JsonSchema): readonly unknown[] {
  const single = [node.items, node.additionalProperties, node.propertyNames, node.not].flat();
  const lists = [node.anyOf, node.oneOf, node.allOf, node.prefixItems];
  return [...single, ...lists.flatMap((list) => list ?? [])];
}

function texts(where: string, kind: Item['kind'], values: readonly unknown[]): readonly Item[] {
  return values.filter((value) => typeof value === 'string').map((text) => ({ where, kind, text }));
}
