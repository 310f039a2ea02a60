import type { z } from 'zod';

/** Event types and what each carries; a stored name is never used again for something else. */
export type EventSchemas = Readonly<Record<string, z.ZodObject>>;

/** The union of the events that a set of schemas describes. */
export type EventsOf<Schemas extends EventSchemas> = {
  [Type in keyof Schemas & string]: { readonly type: Type } & Readonly<z.infer<Schemas[Type]>>;
}[keyof Schemas & string];
