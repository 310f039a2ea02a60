import type { LogPlace } from '../sources/log-place.js';
import { publishedAt } from '../sources/published-files.js';
import type { LeafReader } from './leaf-reader.js';
import { openPublishedLeaves } from './published-leaves.js';
import { openStoreLeaves } from './store-leaves.js';

/** @throws StoreUnreadable when a folder's files cannot be opened here */
export function openLeaves(place: LogPlace): LeafReader {
  return place.kind === 'store'
    ? openStoreLeaves(place.dir)
    : openPublishedLeaves(publishedAt(place));
}
