import { createHash } from 'node:crypto';
import type { View } from './view.js';

/** The name of the file of these views: their generation follows from what defines them. */
export function viewsFile(views: readonly View[]): string {
  return `views-${generationOf(views)}.db`;
}

function generationOf(views: readonly View[]): string {
  const shape = views.map(({ name, version, indexes }) => [name, version, indexes]);
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 8);
}
