import { openMemoryViews } from './memory-views.js';
import { viewStoreConformance } from './view-store.conformance.js';

describe('views in memory', () => viewStoreConformance(openMemoryViews));
