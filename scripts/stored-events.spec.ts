import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditedServices } from '../apps/auditor/src/audited-services.ts';
import { logEvents } from '../libs/contracts/src/log.events.ts';
import { type EventData, upcast, versionOf } from '../libs/contracts/src/evolved.ts';

/**
 * An event as a log has stored it: its type, the version if that is not 1, and what it carried.
 * `becomes` is what today's version makes of an older one. What is stored stays: add samples, never
 * change one.
 */
type Sample = EventData & {
  readonly type: string;
  readonly typeVersion?: number;
  readonly becomes?: EventData;
};

function samplesOf(service: string): readonly Sample[] {
  const folder = join(import.meta.dirname, '..', 'apps', service, 'test', 'golden');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly Sample[],
  );
}

describe.each(auditedServices)('what the log of $name may hold', ({ name, events }) => {
  const schemaOf = (type: string) => {
    const schema = Object.hasOwn(events, type) ? events[type] : undefined;
    if (schema === undefined) throw new Error(`there is no event ${type}: was it removed?`);
    return schema;
  };
  const own = Object.keys(events).filter((type) => !Object.hasOwn(logEvents, type));
  const versions = own.flatMap((type) =>
    Array.from({ length: versionOf(schemaOf(type)) }, (_, index) => [type, index + 1] as const),
  );
  const samples = samplesOf(name).map(({ type, typeVersion = 1, becomes, ...data }) => {
    return [type, typeVersion, data, becomes] as const;
  });
  const isToday = (type: string, version: number) => version === versionOf(schemaOf(type));
  const ofToday = samples.filter(([type, version]) => isToday(type, version));
  const older = samples.filter(([type, version]) => !isToday(type, version));

  it.each(versions)('has a golden sample: %s version %i', (type, version) => {
    expect(samples.map(([of, is]) => [of, is])).toContainEqual([type, version]);
  });

  it.each(ofToday)(
    'is read as it was written, field by field, in the same order: %s version %i',
    (type, _, data) => {
      expect(JSON.stringify(schemaOf(type).parse(data))).toBe(JSON.stringify(data));
    },
  );

  it.each(ofToday)(
    'is refused with a field too few, too many or of another kind: %s version %i',
    (type, _, data) => {
      const { shape } = schemaOf(type);
      const accepts = (changed: object) => schemaOf(type).safeParse(changed).success;
      for (const field of Object.keys(data)) {
        const mayLack = (shape[field] as { isOptional(): boolean }).isOptional();
        expect([field, accepts({ ...data, [field]: undefined })]).toEqual([field, mayLack]);
        expect([field, accepts({ ...data, [field]: { other: 1 } })]).toEqual([field, false]);
      }
      expect(accepts({ ...data, other: 1 })).toBe(false);
    },
  );

  it('brings every older version to today’s form, always to the same', () => {
    for (const [type, version, data, becomes] of older) {
      const stored = structuredClone(data);
      const today = upcast(schemaOf(type), version, data);
      expect([type, version, today]).toEqual([type, version, becomes]);
      expect(JSON.stringify(schemaOf(type).parse(today))).toBe(JSON.stringify(today));
      expect(upcast(schemaOf(type), version, data)).toEqual(today);
      expect(data).toEqual(stored);
    }
  });
});
