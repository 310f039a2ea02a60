import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { publishedEventsOf } from '../libs/contracts/src/index.ts';
import { cloudEventOf } from '../libs/event-bus/src/cloud-event.ts';
import { eventMessage, progressMessage } from '../libs/event-bus/src/cloud-message.ts';
import { MessageCode } from '../libs/event-bus/src/message-code.ts';
import { openMemoryLog } from '../libs/event-log/src/index.ts';
import type { AsyncApi } from './docs/asyncapi.ts';
import { root } from './temporary-tree.ts';

const AT = '2026-03-01T00:00:00.000Z';

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

describe('a message that a relay sends', () => {
  const origin = 'grid-registry';
  const publisher = {
    origin,
    source: 'sample/grid-registry',
    published: publishedEventsOf(origin),
  };
  const place = { partition: 0, after: -1, previous: -1 };
  const code = new MessageCode(new Uint8Array(32), { origin, topic: 'sample.grid-registry.v1' });

  /** Schemas of headers refer to others, which are put in their places. */
  const headersOf = (name: string) => {
    const inPlace = JSON.stringify(components.messages[name]!.headers).replaceAll(
      /\{"\$ref":"#\/components\/schemas\/(\w+)"\}/g,
      (_, schema: string) => JSON.stringify(components.schemas[schema]),
    );
    return JSON.parse(inPlace);
  };
  /** Every header is there that the document names, and no other; each is as its schema says. */
  const fits = (name: string, headers: object) => {
    const schema = headersOf(name);
    const named = Object.keys((schema.allOf?.[0] ?? schema).properties);
    expect(Object.keys(headers).sort()).toEqual(named.sort());
    return z.fromJSONSchema(schema).safeParse(headers).success;
  };

  test('has the key, the headers and the data that the document says', async () => {
    const log = openMemoryLog({ origin, events: publisher.published, now: () => AT });
    const event = { type: 'GridOpened', grid: '430502001001001', name: '第一网格', at: AT };
    const asked = { commandId: 'command-1', actor: 'li-1', fingerprint: '', reads: [] };
    await log.append({ ...asked, writes: [{ stream: 'grid-430502001001001', events: [event] }] });
    const [bytes] = await log.entries(0, 1);
    const { key, headers, value } = code.sign(
      eventMessage(cloudEventOf(publisher, 0, bytes!)!, place),
    );
    expect(key).toBe('grid-430502001001001');
    expect(fits('grid-registry.GridOpened', headers)).toBe(true);
    expect(fits('grid-registry.GridRenamed', headers)).toBe(false);
    const { type: _, ...carried } = event;
    expect(JSON.parse(value)).toEqual({ actor: 'li-1', commandId: 'command-1', event: carried });
  });

  test('of progress has the headers that the document says', () => {
    const told = { origin, source: 'sample/grid-registry', time: AT, head: 7 };
    const { key, headers, value } = code.sign(progressMessage(told, place));
    expect([key, JSON.parse(value)]).toEqual(['progress', { origin, head: 7 }]);
    expect(fits('progress', headers)).toBe(true);
    expect(fits('progress', { ...headers, ce_head: 'seven' })).toBe(false);
  });
});

interface Payload {
  readonly allOf: readonly [object, { readonly properties: { readonly event: object } }];
}
