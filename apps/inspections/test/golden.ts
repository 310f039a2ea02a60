import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('golden/', import.meta.url);

/** An event as a log has stored it. What is stored stays: add samples, never change one. */
export type Sample = Readonly<Record<string, unknown>> & { readonly type: string };

export function goldenSamples(): readonly Sample[] {
  return readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as readonly Sample[],
  );
}
