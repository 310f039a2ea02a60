import type { EventSchemas } from '#libs/contracts';
import type { View } from './view.js';

/**
 * 视图清单: a service's views and what its log may hold, with the module that exports the list, so
 * that another process can import the same definitions.
 */
export interface ViewList extends ReadonlyArray<View> {
  readonly module: string;
  readonly events: EventSchemas;
}

/** @param module `import.meta.url` of the file that exports the list */
export function viewList(module: string, events: EventSchemas, views: readonly View[]): ViewList {
  return Object.assign([...views], { module, events });
}

export function isViewList(views: unknown): views is ViewList {
  return Array.isArray(views) && 'module' in views && 'events' in views;
}
