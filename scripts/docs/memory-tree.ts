import type { Module, Tree } from './tree.ts';

/** A repository of a few files, for tests: text is read, a module is loaded. */
export function memoryTree(contents: Readonly<Record<string, string | Module>>): Tree {
  return {
    files: Object.keys(contents).sort(),
    read: (path) => {
      const text = contents[path];
      if (typeof text !== 'string') throw new Error(`${path} is not a text in this tree`);
      return text;
    },
    load: async (path) => {
      const module = contents[path];
      if (typeof module !== 'object') throw new Error(`${path} is not a module in this tree`);
      return module;
    },
  };
}
