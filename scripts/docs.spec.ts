import { join } from 'node:path';
import { codeOf as codeForClients } from '../libs/service/src/refusal-error.ts';
import { current, generatedPages, pageOptions } from './docs.ts';
import { memoryTree } from './docs/memory-tree.ts';
import { codeOf, collectRefusals, errorsPage } from './docs/refusals.ts';
import { collectSettings, settingsPage } from './docs/settings.ts';
import { sourceTree } from './docs/tree.ts';
import { wordsIn, wordsPage } from './docs/words.ts';

const root = join(import.meta.dirname, '..');

it('the committed pages are what the sources say: run `npm run docs`', async () => {
  const options = await pageOptions(root);
  const read = (path: string) => current(root, path);
  for (const { path, text } of await generatedPages(sourceTree(root), options, read)) {
    expect({ path, text: read(path) }).toEqual({ path, text });
  }
});

it('pages of an empty repository say that there is nothing yet', async () => {
  const pages = await generatedPages(memoryTree({}), {}, () => undefined);
  expect(pages.map((page) => page.path)).toEqual([
    'docs/words.md',
    'docs/errors.md',
    'docs/access.md',
    'docs/settings.md',
    'docs/events.md',
  ]);
  for (const { text } of pages) expect(text).toContain('None yet.');
});

describe('docs/words.md', () => {
  const source = `
    /**
     * 纠纷: a disagreement that people
     * ask a mediator to settle | end.
     *
     * A second paragraph is for programmers.
     * @deprecated never
     */
    export type Dispute = { status: 'none' };
    /** 网格：the smallest area. */
    export interface Grid {}
    /** 岗位 (post): held by one person. */
    export class Post {}
    /** 私有: not exported. */
    type Hidden = string;
    /** A disagreement (纠纷) in passing: not a term. */
    export type Passing = string;
    /** No Chinese: none. */
    export type Plain = string;
    /** 函数: not a type. */
    export const value = 1;`;
  const words = wordsIn('apps/mediation/src/dispute.ts', source);

  it('takes exported types whose comment opens with a Chinese term', () =>
    expect(words.map(({ chinese, english }) => [chinese, english])).toEqual([
      ['纠纷', 'Dispute'],
      ['网格', 'Grid'],
      ['岗位 (post)', 'Post'],
    ]));

  it('takes the first paragraph as the meaning, on one line', () =>
    expect(words[0]?.meaning).toBe('a disagreement that people ask a mediator to settle | end.'));

  it('is sorted by the English word and links to the source', () => {
    const rows = wordsPage([...words].reverse())
      .split('\n')
      .slice(-4, -1);
    expect(rows[0]).toBe(
      '| 纠纷 | `Dispute` | a disagreement that people ask a mediator to settle \\| end. ' +
        '| [apps/mediation/src/dispute.ts](../apps/mediation/src/dispute.ts) |',
    );
    expect(rows.map((row) => /`(\w+)`/.exec(row)?.[1])).toEqual(['Dispute', 'Grid', 'Post']);
  });
});

describe('docs/errors.md', () => {
  const tree = memoryTree({
    'apps/mediation/src/dispute.refusals.ts': {
      disputeRefusals: {
        DisputeNotFound: { zh: '未找到该纠纷', en: 'No such dispute' },
        ConsentRefused: { zh: '一方拒绝调解', en: 'A party refused', source: '人民调解法 17' },
      },
      unrelated: 1,
    },
    'libs/access/src/access.refusals.ts': {
      accessRefusals: { Forbidden: { zh: '无权', en: 'Not allowed' } },
    },
  });

  it('lists code, both messages, source and service, sorted by code', async () =>
    expect(
      errorsPage(await collectRefusals(tree))
        .split('\n')
        .slice(-4, -1),
    ).toEqual([
      '| `CONSENT_REFUSED` | 一方拒绝调解 | A party refused | 人民调解法 17 | mediation |',
      '| `DISPUTE_NOT_FOUND` | 未找到该纠纷 | No such dispute |  | mediation |',
      '| `FORBIDDEN` | 无权 | Not allowed |  | libs/access |',
    ]));

  it('names the codes that clients get', async () => {
    const names = (await collectRefusals(sourceTree(root))).map((refusal) => refusal.name);
    expect(names).not.toEqual([]);
    expect(names.map(codeOf)).toEqual(names.map(codeForClients));
  });

  it('fails on a refusal that one of the languages lacks', async () => {
    const half = { disputeRefusals: { DisputeNotFound: { zh: '未找到该纠纷' } } };
    const broken = memoryTree({ 'apps/mediation/src/dispute.refusals.ts': half });
    await expect(collectRefusals(broken)).rejects.toThrow();
  });
});

describe('docs/settings.md', () => {
  const settingsCatalogue = [
    {
      name: 'PORT',
      default: '4000',
      meaning: 'where to listen',
      services: ['platform', 'gateway'],
    },
    { name: 'HOST', default: '127.0.0.1', meaning: 'which address', services: ['platform'] },
    { name: 'REGISTRY_URL', default: '', meaning: 'where it is', services: ['gateway'] },
  ];
  const tree = memoryTree({ 'libs/service/src/settings.ts': { settingsCatalogue } });

  it('lists name, default, meaning and services, sorted by name', async () =>
    expect(
      settingsPage(await collectSettings(tree))
        .split('\n')
        .slice(-4, -1),
    ).toEqual([
      '| `HOST` | `127.0.0.1` | which address | platform |',
      '| `PORT` | `4000` | where to listen | platform, gateway |',
      '| `REGISTRY_URL` | none | where it is | gateway |',
    ]));

  it('fails when the file has no catalogue', async () => {
    const broken = memoryTree({ 'libs/service/src/settings.ts': {} });
    await expect(collectSettings(broken)).rejects.toThrow();
  });
});
