import { z } from 'zod';
import { byText, page, table } from './markdown.ts';
import { loadAll, type LoadedFile, ownerOf, type Tree } from './tree.ts';

const REFUSAL_FILES = /^(apps|libs)\/[^/]+\/src\/.+\.refusals\.ts$/;

const explanationSchema = z.strictObject({
  zh: z.string().min(1),
  en: z.string().min(1),
  /** The law and article, standard or decision that the refusal follows. */
  source: z.string().min(1).optional(),
});

/** How one refusal is told to a reader, and where it is written. */
export interface ExplainedRefusal extends z.infer<typeof explanationSchema> {
  readonly name: string;
  readonly owner: string;
  readonly path: string;
}

export async function collectRefusals(tree: Tree): Promise<readonly ExplainedRefusal[]> {
  return (await loadAll(tree, REFUSAL_FILES)).flatMap(refusalsOf);
}

function refusalsOf({ path, module }: LoadedFile): readonly ExplainedRefusal[] {
  return Object.entries(module)
    .filter(([exported]) => /Refusals$/.test(exported))
    .flatMap(([, refusals]) =>
      Object.entries(z.record(z.string(), explanationSchema).parse(refusals)),
    )
    .map(([name, explanation]) => ({ ...explanation, name, owner: ownerOf(path), path }));
}

/** `DisputeNotFound` is told to clients as `DISPUTE_NOT_FOUND`. */
export function codeOf(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

export function errorsPage(refusals: readonly ExplainedRefusal[]): string {
  const sorted = [...refusals].sort(byText(({ name, owner }) => `${codeOf(name)} ${owner}`));
  return page({
    title: 'Errors',
    source: 'the `*.refusals.ts` files',
    body: table(
      ['Code', 'Chinese', 'English', 'Source', 'Service'],
      sorted.map(({ name, zh, en, source, owner }) => [
        `\`${codeOf(name)}\``,
        zh,
        en,
        source ?? '',
        owner,
      ]),
    ),
  });
}
