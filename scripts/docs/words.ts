import { docComment, isExported, isTypeDeclaration, parseSource } from './declarations.ts';
import { byText, page, table } from './markdown.ts';
import type { Tree } from './tree.ts';

/** One word of the domain: an exported type whose comment opens with the Chinese term. */
export interface Word {
  readonly chinese: string;
  readonly english: string;
  readonly meaning: string;
  readonly path: string;
}

/** A short term that begins in Chinese, then a colon of either width. */
const OPENING = /^(\p{Script=Han}[^:：。,，;；]{0,29})[:：]\s*(.+)$/su;

export function collectWords(tree: Tree): readonly Word[] {
  return tree.files
    .filter((path) => /^(apps|libs)\/.+\.ts$/.test(path))
    .flatMap((path) => wordsIn(path, tree.read(path)));
}

export function wordsIn(path: string, text: string): readonly Word[] {
  return parseSource(path, text)
    .statements.filter(isTypeDeclaration)
    .filter(isExported)
    .flatMap((declaration) => {
      const [, chinese, meaning] = OPENING.exec(docComment(declaration)) ?? [];
      const english = declaration.name?.text;
      return chinese && meaning && english ? [{ chinese, english, meaning, path }] : [];
    });
}

export function wordsPage(words: readonly Word[]): string {
  const sorted = [...words].sort(byText((word) => `${word.english} ${word.path}`));
  return page({
    title: 'Words',
    source: 'the comments of exported types that open with a Chinese term',
    body: table(
      ['Chinese', 'English', 'Meaning', 'Where'],
      sorted.map(({ chinese, english, meaning, path }) => [
        chinese,
        `\`${english}\``,
        meaning,
        `[${path}](../${path})`,
      ]),
    ),
  });
}
