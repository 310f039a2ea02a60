/** A JSON schema (draft 2020-12), as far as it is looked at here. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One event type: the schema of every version that was ever written, by its number. */
export type Versions = Readonly<Record<string, JsonSchema>>;

/** 已发布的事件: what the events of one service look like, as it was last written down. */
export type WrittenEvents = Readonly<Record<string, Versions>>;

/** An event type as the code has it. */
export interface EventNow {
  readonly version: number;
  readonly schema: JsonSchema;
  /** Whether other services are told of it. */
  readonly isPublished: boolean;
}

/**
 * What is to be written down next: what was, and what the code has added.
 *
 * @throws Error when what was written down could no longer be read: a log keeps it for ever, and
 * other services are told it by programs that are older or newer than this one
 */
export function grown(
  before: WrittenEvents,
  now: Readonly<Record<string, EventNow>>,
): WrittenEvents {
  for (const type of Object.keys(before)) {
    if (!Object.hasOwn(now, type))
      throw new Error(`${type} was removed, but logs hold it: keep it`);
  }
  return Object.fromEntries(
    Object.entries(now).map(([type, event]) => [type, grownType(type, before[type] ?? {}, event)]),
  );
}

function grownType(type: string, before: Versions, event: EventNow): Versions {
  const { version, schema, isPublished } = event;
  const newest = Math.max(0, ...Object.keys(before).map(Number));
  if (version < newest) throw new Error(`${type} is of version ${newest}, not of ${version}`);
  if (newest > 0 && version > newest + 1) {
    throw new Error(`${type} goes from version ${newest} to ${newest + 1}, not to ${version}`);
  }
  if (isPublished && newest > 0 && version > newest) {
    throw new Error(`${type} is told to other services: a new form is an event of a new name`);
  }
  const written = before[String(version)];
  const broken = written && whatBreaks(written, schema);
  if (broken !== undefined) {
    const way = isPublished ? 'an event of a new name' : 'a new version with an upcaster';
    throw new Error(`${type} version ${version}: ${broken}; make it ${way}`);
  }
  return { ...before, [version]: schema };
}

/** A schema may gain fields that may be left out and values of a list; all else it must keep. */
function whatBreaks(before: JsonSchema, now: JsonSchema): string | undefined {
  const [had, has] = [fieldsOf(before), fieldsOf(now)];
  for (const [field, schema] of Object.entries(had.properties)) {
    if (!Object.hasOwn(has.properties, field)) return `${field} was removed`;
    if (!takesAll(schema, has.properties[field])) return `${field} was changed`;
    if (had.required.has(field) !== has.required.has(field)) return `${field} was changed`;
  }
  const added = Object.keys(has.properties).filter(
    (field) => !Object.hasOwn(had.properties, field),
  );
  const needed = added.find((field) => has.required.has(field));
  return needed && `${needed} was added and must not be left out`;
}

interface Fields {
  readonly properties: JsonSchema;
  readonly required: ReadonlySet<string>;
}

function fieldsOf({ properties, required }: JsonSchema): Fields {
  return {
    properties: (properties ?? {}) as JsonSchema,
    required: new Set((required ?? []) as readonly string[]),
  };
}

/** Whether it is the same, or a list of values to which some were added. */
function takesAll(before: unknown, now: unknown): boolean {
  const [had, has] = [valuesOf(before), valuesOf(now)];
  if (had === undefined || has === undefined) return isSame(before, now);
  const kept = had.every((value) => has.includes(value));
  return kept && isSame({ ...(before as object), enum: has }, now);
}

function valuesOf(schema: unknown): readonly unknown[] | undefined {
  const { enum: values } = (schema ?? {}) as { readonly enum?: readonly unknown[] };
  return values;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
