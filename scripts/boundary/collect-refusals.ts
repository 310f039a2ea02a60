import type { Item } from '../boundary.ts';
import { collectRefusals } from '../docs/refusals.ts';
import type { Tree } from '../docs/tree.ts';

/** Codes and messages; a source is the proper name of a law and is never looked at. */
export async function refusalItems(tree: Tree): Promise<readonly Item[]> {
  return (await collectRefusals(tree)).flatMap(({ path, name, zh, en }) => {
    const where = `${path} ${name}`;
    return [
      { where, kind: 'code' as const, text: name },
      { where, kind: 'description' as const, text: zh },
      { where, kind: 'description' as const, text: en },
    ];
  });
}
