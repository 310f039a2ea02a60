import type { z } from 'zod';

/** What an event carries besides its type, as it was parsed from its JSON. */
export type EventData = Readonly<Record<string, unknown>>;

/** 升级: makes of what one version of an event carried what the next version carries. Pure. */
export type Upcaster = (data: EventData) => EventData;

const upcastersOf = new WeakMap<z.ZodObject, readonly Upcaster[]>();

/**
 * The schema of an event that was stored in other forms before: `upcasters[0]` turns version 1 into
 * version 2, and so on; the schema is that of the version after the last of them. What is stored
 * stays as it is: it is turned into today's form each time it is read.
 */
export function evolved<Schema extends z.ZodObject>(
  schema: Schema,
  upcasters: readonly [Upcaster, ...Upcaster[]],
): Schema {
  upcastersOf.set(schema, upcasters);
  return schema;
}

/** The version that is written today, from 1. */
export function versionOf(schema: z.ZodObject): number {
  return (upcastersOf.get(schema)?.length ?? 0) + 1;
}

/**
 * What an event of an older version carries, in today's form.
 *
 * @param version as it was stored, from 1 to today's
 */
export function upcast(schema: z.ZodObject, version: number, data: EventData): EventData {
  const steps = upcastersOf.get(schema)?.slice(version - 1) ?? [];
  return steps.reduce((before, step) => step(before), data);
}
