import { concurrencyConformance } from './concurrency.conformance.js';
import { eventLogConformance } from './event-log.conformance.js';
import { openMemoryLog } from './memory-log.js';

describe('the log in memory', () => {
  eventLogConformance(openMemoryLog);
  concurrencyConformance(openMemoryLog, 200);
});
