import { type ArgumentNode, type ASTNode, Kind, parse, visit } from 'graphql';
import type { Item } from '../boundary.ts';
import type { Tree } from '../docs/tree.ts';

const SCHEMA = /^apps\/gateway\/schema\/(?!supergraph\.).+\.graphql$/;

/** Names and descriptions of every subgraph; the supergraph only repeats them. */
export function graphqlItems(tree: Tree): readonly Item[] {
  return tree.files
    .filter((path) => SCHEMA.test(path))
    .flatMap((path) => sdlItems(path, tree.read(path)));
}

export function sdlItems(path: string, sdl: string): readonly Item[] {
  const items: Item[] = [];
  visit(parse(sdl), {
    enter(node) {
      // What follows is the federation's own vocabulary, not ours.
      if (node.kind === Kind.SCHEMA_EXTENSION || node.kind === Kind.DIRECTIVE_DEFINITION)
        return false;
      items.push(...nodeItems(path, node));
      return undefined;
    },
  });
  return items;
}

function nodeItems(path: string, node: ASTNode): readonly Item[] {
  const where = `${path}:${node.loc?.startToken.line}`;
  if (node.kind === Kind.DIRECTIVE) {
    return node.name.value === 'deprecated' ? reasons(where, node.arguments ?? []) : [];
  }
  if (!/(Definition|Extension)$/.test(node.kind)) return [];
  const kind = node.kind === Kind.ENUM_VALUE_DEFINITION ? 'enum value' : 'identifier';
  const name = 'name' in node ? node.name : undefined;
  const description = 'description' in node ? node.description : undefined;
  return [
    ...(name ? [{ where, kind, text: name.value } as const] : []),
    ...(description ? [{ where, kind: 'description', text: description.value } as const] : []),
  ];
}

function reasons(where: string, args: readonly ArgumentNode[]): readonly Item[] {
  return args.flatMap(({ value }) =>
    value.kind === Kind.STRING ? [{ where, kind: 'description', text: value.value } as const] : [],
  );
}
