import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { publishedEventsOf } from '../libs/contracts/src/index.ts';
import type { AsyncApi } from './docs/asyncapi.ts';
import { root } from './temporary-tree.ts';

// The parser brings 130 packages.
jest.setTimeout(60_000);

const text = readFileSync(join(root, 'docs/asyncapi.yaml'), 'utf8');
const { channels, components } = parse(text) as AsyncApi;

/** What the parser of the AsyncAPI Initiative says, but that version 3.1 is there as well. */
async function problemsOf(document: string): Promise<readonly string[]> {
  const { diagnostics } = await new Parser().parse(document);
  return diagnostics
    .filter(({ code }) => code !== 'asyncapi-latest-version')
    .map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`);
}

test('docs/asyncapi.yaml is a valid document', async () => {
  expect(await problemsOf(text)).toEqual([]);
});

test.each([
  ['a reference that leads nowhere', "'#/components/schemas/told'", "'#/components/schemas/gone'"],
  ['a field that is not specified', 'asyncapi: 3.0.0', 'asyncapi: 3.0.0\ntopics: 1'],
  ['a parameter that the address has not', '{installation}.mediation', '{place}.mediation'],
])('the document would not be valid with %s', async (_what, right, wrong) => {
  expect(text).toContain(right);
  expect(await problemsOf(text.replaceAll(right, wrong))).not.toEqual([]);
});

describe.each(Object.keys(channels))('what %s publishes', (service) => {
  const published = publishedEventsOf(service);
  const samples = globSync(`apps/${service}/test/golden/*.json`, { cwd: root }).flatMap(
    (path) => JSON.parse(readFileSync(join(root, path), 'utf8')) as readonly { type: string }[],
  );

  test('is in its channel, with progress, and nothing else is', () => {
    const names = Object.keys(published).map((type) => `${service}.${type}`);
    expect(Object.keys(channels[service]!.messages)).toEqual([...names, 'progress']);
  });

  test.each(Object.keys(published))('%s has a schema that knows its samples', (type) => {
    const { payload } = components.messages[`${service}.${type}`]!;
    const { event } = (payload as unknown as Payload).allOf[1].properties;
    const schema = z.fromJSONSchema(event as never);
    const found = samples.filter((sample) => sample.type === type);
    expect(found).not.toEqual([]);
    for (const { type: _, ...sample } of found) {
      expect(schema.safeParse(sample)).toMatchObject({ success: true });
      expect(schema.safeParse({ ...sample, more: 1 }).success).toBe(false);
      const { at: __, ...less } = sample as { at?: string };
      expect(schema.safeParse(less).success).toBe(false);
    }
  });
});

interface Payload {
  readonly allOf: readonly [object, { readonly properties: { readonly event: object } }];
}
