import ts from 'typescript';
import type { Item } from '../boundary.ts';
import { isExported, parseSource } from '../docs/declarations.ts';
import type { Tree } from '../docs/tree.ts';

const CODE_FILES = /^(apps\/[^/]+|libs\/contracts)\/src\/.+\.ts$/;

/**
 * Names and texts in exported constants called `...Codes` or `...Kinds`. They are read, not
 * imported: importing every file of a service would start it.
 */
export function codeItems(tree: Tree): readonly Item[] {
  return tree.files
    .filter((path) => CODE_FILES.test(path))
    .flatMap((path) => sourceItems(path, tree.read(path)));
}

export function sourceItems(path: string, text: string): readonly Item[] {
  return parseSource(path, text)
    .statements.filter(ts.isVariableStatement)
    .filter(isExported)
    .flatMap((statement) => [...statement.declarationList.declarations])
    .filter((declaration) => /(Codes|Kinds|_CODES|_KINDS)$/.test(declaration.name.getText()))
    .flatMap((declaration) => literals(`${path} ${declaration.name.getText()}`, declaration));
}

function literals(where: string, declaration: ts.VariableDeclaration): readonly Item[] {
  const items: Item[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && !ts.isComputedPropertyName(node.name)) {
      items.push({ where, kind: 'identifier', text: node.name.text });
    }
    if (ts.isStringLiteralLike(node)) items.push({ where, kind: 'code', text: node.text });
    ts.forEachChild(node, visit);
  };
  if (declaration.initializer) visit(declaration.initializer);
  return items;
}
