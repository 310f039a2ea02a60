import { leafHash, TILE_WIDTH, TreeEdge } from '#libs/transparency';
import { decodeEntry } from './entry.js';
import { LogDamaged } from './faults.js';
import { openLogFile, type LogFile } from './log-file.js';
import type { Committed } from './log-signer.js';

const PAGE = 1_000;

/**
 * Reads the file of a log from its first event to its last as if nothing in it were to be believed:
 * every entry is hashed anew and has the position that it says, every stored tile is that of these
 * hashes, and the tree has each root that it was signed with. Needs no key and no schema.
 *
 * @param signed what was signed of it, the smallest first; what goes beyond its end is not looked at
 * @returns where it ends, and its root there
 * @throws LogDamaged, UnknownFormat that name the first thing that is wrong
 */
export function checkLog(path: string, signed: Iterable<Committed>): Committed {
  const file = openLogFile(path, { readOnly: true });
  const pending = signed[Symbol.iterator]();
  const tree = new TreeEdge();
  let next = pending.next();
  try {
    for (let rows = file.page(0, PAGE); rows.length > 0; rows = file.page(tree.size, PAGE)) {
      for (const [position, entry] of rows) {
        if (position !== tree.size) throw new LogDamaged(`${path} has a gap at ${tree.size}`);
        addChecked(file, tree, entry);
        for (; !next.done && next.value.size === tree.size; next = pending.next()) {
          mustHave(path, tree, next.value);
        }
      }
    }
    const fullTiles = Math.floor(tree.size / TILE_WIDTH);
    if (file.tileCount(0) !== fullTiles) throw new LogDamaged(`${path} has tiles of other events`);
    return { size: tree.size, root: tree.root() };
  } finally {
    pending.return?.();
    file.close();
  }
}

function addChecked(file: LogFile, tree: TreeEdge, entry: Uint8Array): void {
  decodeEntry(tree.size, entry);
  for (const { level, index, hashes } of tree.append(leafHash(entry))) {
    const stored = file.tile(level, index);
    if (stored !== undefined && Buffer.compare(stored, hashes) === 0) continue;
    throw new LogDamaged(`${file.path}: tile ${level}/${index} is not that of its entries`);
  }
}

function mustHave(path: string, tree: TreeEdge, { size, root }: Committed): void {
  if (tree.root() === root) return;
  throw new LogDamaged(`the first ${size} events of ${path} are not those that were signed`);
}
