import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What was published before is not what this log would publish: two logs, or an altered one. */
export class ExportDiffers extends Error {
  readonly code = 'EXPORT_DIFFERS';
}

/** 导出目录: files that a static server gives out while they are being added to. */
export interface ExportFolder {
  /** Files that were not there before. */
  readonly written: number;
  read(path: string): string | undefined;
  /**
   * Adds a file that never changes again.
   *
   * @throws ExportDiffers when it is there already and is another
   */
  add(path: string, bytes: Uint8Array | string): void;
  replace(path: string, text: string): void;
  remove(path: string): void;
  /** Takes back what was added. */
  undo(): void;
}

export function exportFolder(dir: string): ExportFolder {
  const added: string[] = [];
  return {
    get written() {
      return added.length;
    },
    read: (path) =>
      existsSync(join(dir, path)) ? readFileSync(join(dir, path), 'utf8') : undefined,
    add: (path, content) => {
      const bytes = Buffer.from(content);
      const target = join(dir, path);
      if (!existsSync(target)) {
        writeWhole(target, bytes);
        added.push(target);
      } else if (!readFileSync(target).equals(bytes)) {
        throw new ExportDiffers(`${target} is there already, and is not what this log holds`);
      }
    },
    replace: (path, text) => writeWhole(join(dir, path), Buffer.from(text)),
    remove: (path) => rmSync(join(dir, path), { recursive: true, force: true }),
    undo: () => {
      for (const target of added.splice(0)) rmSync(target, { force: true });
    },
  };
}

/** A reader finds the file whole or not at all. */
function writeWhole(target: string, bytes: Uint8Array): void {
  mkdirSync(dirname(target), { recursive: true });
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}`);
  writeFileSync(temporary, bytes);
  renameSync(temporary, target);
}
