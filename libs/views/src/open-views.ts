import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDamage, ViewsDamaged } from './faults.js';
import { openSqliteViewsFile, type SqliteViews } from './sqlite-views.js';
import type { View } from './view.js';
import {
  dropGenerations,
  generationFile,
  keptBy,
  nextGeneration,
  readPointer,
  setAside,
  type ViewsPointer,
  writePointer,
} from './views-pointer.js';

/** The generation that answers. */
export interface LiveGeneration {
  readonly pointer: ViewsPointer;
  readonly store: SqliteViews;
}

/**
 * Views in `DIR/views-N.db`, of exactly these definitions: when the generation that answers was made
 * by others, the next one starts empty in its place. A service that is to go on answering meanwhile
 * opens `ViewGenerations`.
 */
export function openSqliteViews(dir: string, views: readonly View[]): SqliteViews {
  const { store } = openLive(dir, views);
  if (isMadeBy(store, views)) return store;
  void store.close();
  return startAnew(dir, views).store;
}

/** Opens the generation that the pointer names, whatever made it; what is half made goes. */
export function openLive(
  dir: string,
  views: readonly View[],
  onFault: (error: unknown) => void = () => undefined,
): LiveGeneration {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const pointer = readPointer(dir);
  if (pointer === undefined) return startAnew(dir, views);
  dropGenerations(dir, keptBy(pointer));
  const path = join(dir, generationFile(pointer.live));
  try {
    return { pointer, store: openSqliteViewsFile(path, views) };
  } catch (error) {
    // Another format, or damaged: the log has it all. What cannot be opened at all is a fault.
    if (!existsSync(path)) throw error;
    if (!isDamage(error)) return startAnew(dir, views);
    onFault(new ViewsDamaged(path, error));
    return replaceDamaged(dir, views, pointer);
  }
}

/** An empty generation takes the place of one that cannot be read. */
export function replaceDamaged(
  dir: string,
  views: readonly View[],
  { live }: ViewsPointer,
): LiveGeneration {
  setAside(dir, live);
  return startAnew(dir, views);
}

/** An empty generation answers from here on: it is filled from the log. */
function startAnew(dir: string, views: readonly View[]): LiveGeneration {
  const pointer = { live: nextGeneration(dir), before: null };
  const store = openSqliteViewsFile(join(dir, generationFile(pointer.live)), views);
  writePointer(dir, pointer);
  dropGenerations(dir, keptBy(pointer));
  return { pointer, store };
}

/** Whether a file holds these views, all of them and no others. */
export function isMadeBy({ changed, filed }: SqliteViews, views: readonly View[]): boolean {
  return changed.length === 0 && filed.length === views.length;
}
