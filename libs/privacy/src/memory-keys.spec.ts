import { openMemoryKeys } from './memory-keys.js';
import { subjectKeysConformance } from './subject-keys.conformance.js';

describe('keys in memory', () => subjectKeysConformance(openMemoryKeys));
