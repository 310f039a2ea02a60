import type { IndexPart } from './view.js';

/** Names come from code, never from a request; a wrong one is a bug that must not become SQL. */
export function assertNames(name: string, indexes: readonly (readonly IndexPart[])[]): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.endsWith('_past')) {
    throw new Error(`${name} is not a view name`);
  }
  for (const field of fieldsOf(indexes)) {
    if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(field)) throw new Error(`${field} is not a field name`);
  }
}

/** The fields that the indexes name, each once. */
export function fieldsOf(indexes: readonly (readonly IndexPart[])[]): readonly string[] {
  return [...new Set(indexes.flat().map((part) => (typeof part === 'string' ? part : part.under)))];
}
