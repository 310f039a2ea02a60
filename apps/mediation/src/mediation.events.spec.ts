import type { EventSchemas } from '#libs/contracts';
import { goldenSamples } from '../test/golden.js';
import { mediationEvents } from './mediation.events.js';

const schemas: EventSchemas = mediationEvents;
const samples = goldenSamples();
const types = Object.keys(schemas);

describe('what the log of mediation may hold', () => {
  it.each(types)('has a golden sample: %s', (type) => {
    expect(samples.map((sample) => sample.type)).toContain(type);
  });

  it.each(samples.map((sample) => [sample.type, sample]))(
    'is read as it was written, field by field, in the same order: %s',
    (_, { type, ...data }) => {
      expect(JSON.stringify(schemas[type]?.parse(data))).toBe(JSON.stringify(data));
    },
  );

  it.each(samples.map((sample) => [sample.type, sample]))(
    'is refused with a field too few, too many or of another kind: %s',
    (_, { type, ...data }) => {
      const accepts = (changed: object) => schemas[type]?.safeParse(changed).success;
      for (const field of Object.keys(data)) {
        expect([field, accepts({ ...data, [field]: undefined })]).toEqual([field, false]);
        expect([field, accepts({ ...data, [field]: { other: 1 } })]).toEqual([field, false]);
      }
      expect(accepts({ ...data, other: 1 })).toBe(false);
    },
  );
});
