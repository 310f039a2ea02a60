import { page } from './markdown.ts';
import type { Tree } from './tree.ts';

const PAGE_FILE = 'libs/access/src/policy-page.ts';

/** The table of rights, as its lib prints it. */
export async function accessPage(tree: Tree): Promise<string> {
  const body = tree.files.includes(PAGE_FILE) ? await printed(tree) : 'None yet.';
  return page({ title: '授权表 Access', source: '`libs/access`', body });
}

async function printed(tree: Tree): Promise<string> {
  const { policyPage } = await tree.load(PAGE_FILE);
  if (typeof policyPage !== 'function') throw new Error(`${PAGE_FILE} prints no table`);
  return String((policyPage as () => unknown)());
}
