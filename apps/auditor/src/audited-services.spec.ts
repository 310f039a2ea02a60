import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { auditedService, auditedServices } from './audited-services.js';

const apps = join(import.meta.dirname, '../..');

interface Registered {
  readonly name: string;
  readonly events: unknown;
  readonly views: readonly unknown[];
}

/** What a module hands to `serviceRoom`, read from its text: to load it would be to start it. */
async function registeredIn(path: string): Promise<Registered | undefined> {
  const text = readFileSync(path, 'utf8');
  const [, name, events, views] =
    /serviceRoom\(host, \{\s+name: '([a-z-]+)',[^]*?events: (\w+),\s+views: (\w+)/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const value = async (identifier: string): Promise<unknown> => {
    const file = new RegExp(`\\b${identifier}\\b[^;]*? from '(\\./[^']+)\\.js'`).exec(text)?.[1];
    const module = (await import(join(dirname(path), `${file}.ts`))) as Record<string, unknown>;
    return module[identifier];
  };
  const list = (await value(views ?? '')) as readonly unknown[];
  return { name, events: await value(events ?? ''), views: list };
}

function modules(): readonly string[] {
  return readdirSync(apps).flatMap((app) =>
    readdirSync(join(apps, app, 'src'))
      .filter((file) => file.endsWith('.module.ts'))
      .map((file) => join(apps, app, 'src', file)),
  );
}

it('the auditor knows every service as its module registers it', async () => {
  const found = await Promise.all(modules().map(registeredIn));
  const registered = found.filter((each) => each !== undefined);
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  expect(registered.length).toBeGreaterThanOrEqual(4);
  expect(auditedServices.map(({ name }) => ({ name })).sort(byName)).toEqual(
    registered.map(({ name }) => ({ name })).sort(byName),
  );
  for (const { name, events, views } of registered) {
    const audited = auditedService(name);
    expect(audited.events).toBe(events);
    expect(audited.views).toBe(views);
  }
});

it('a service that this version does not know is refused with the ones that it knows', () => {
  expect(() => auditedService('scorecards')).toThrow(
    'there is no service scorecards: the services are grid-registry, mediation,',
  );
});
