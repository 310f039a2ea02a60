import { z } from 'zod';
import type { EventSchemas } from '../../libs/contracts/src/event-schema.ts';
import { type EventNow, grown, type JsonSchema, type WrittenEvents } from './event-growth.ts';
import { page, table } from './markdown.ts';
import { loadAll, type Tree } from './tree.ts';

const AUDITED = 'apps/auditor/src/audited-services.ts';
const CONTRACTS = 'libs/contracts/src/index.ts';
const PUBLISHED = /PublishedEvents$/;

/** The events of one service, as the code has them and as they are written down. */
export interface ServiceEvents {
  readonly service: string;
  readonly events: Readonly<Record<string, EventNow>>;
  readonly written: WrittenEvents;
}

/** Where the schemas of a service's events are written down. */
export function writtenPath(service: string): string {
  return `docs/events/${service}.json`;
}

/**
 * @param read what stands in a file now, undefined when there is none
 * @throws Error when what was written down could no longer be read
 */
export async function collectEvents(
  tree: Tree,
  read: (path: string) => string | undefined,
): Promise<readonly ServiceEvents[]> {
  if (!tree.files.includes(AUDITED)) return [];
  const { auditedServices } = (await tree.load(
    AUDITED,
  )) as typeof import('../../apps/auditor/src/audited-services.ts');
  const contracts = (await tree.load(
    CONTRACTS,
  )) as typeof import('../../libs/contracts/src/index.ts');
  const told = await publishedTypes(tree);
  return auditedServices.map(({ name, events }) => {
    const all: EventSchemas = { ...contracts.logEvents, ...events };
    const now = Object.fromEntries(
      Object.entries(all).map(([type, schema]): [string, EventNow] => [
        type,
        {
          version: contracts.versionOf(schema),
          schema: jsonSchemaOf(schema),
          isPublished: told.has(type),
        },
      ]),
    );
    const before = JSON.parse(read(writtenPath(name)) ?? '{}') as WrittenEvents;
    return { service: name, events: now, written: grown(before, now) };
  });
}

async function publishedTypes(tree: Tree): Promise<ReadonlySet<string>> {
  const files = await loadAll(tree, /^libs\/contracts\/src\/.+\.events\.ts$/);
  const registries = files.flatMap(({ module }) =>
    Object.entries(module).filter(([name]) => PUBLISHED.test(name)),
  );
  return new Set(registries.flatMap(([, events]) => Object.keys(events as EventSchemas)));
}

function jsonSchemaOf(schema: z.ZodObject): JsonSchema {
  // The stored form is what goes in; branded and custom fields have no JSON schema of their own.
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const { $schema: _, ...rest } = json;
  return rest;
}

export function writtenText(written: WrittenEvents): string {
  return JSON.stringify(written);
}

export function eventsPage(services: readonly ServiceEvents[]): string {
  const rows = services.flatMap(({ service, events }) =>
    Object.entries(events).map(([type, { version, schema, isPublished }]) => [
      service,
      `\`${type}\``,
      String(version),
      isPublished ? 'yes' : '',
      Object.keys((schema['properties'] ?? {}) as JsonSchema).join(', '),
    ]),
  );
  return page({
    title: 'Events',
    source: 'the `*.events.ts` files; the schemas of all versions are in `docs/events/`',
    body: table(['Service', 'Event', 'Version', 'Told to others', 'Carries'], rows),
  });
}
