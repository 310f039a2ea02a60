import type { Rule } from './name-rules.ts';

const typescript = /^(?:apps|libs|scripts)\/.*\.ts$/;
const spec = /\.spec\.ts$/;

/** A rule that looks at lines: `pattern` matches what must not stand in a file. */
function nowhere(inFiles: RegExp, pattern: RegExp, why: (found: string) => string): Rule {
  return ({ files, text }) =>
    files
      .filter((path) => inFiles.test(path))
      .flatMap((path) =>
        [...(text(path) ?? '').matchAll(pattern)].map(([found]) => `${path}: ${why(found)}`),
      );
}

export const noDefaultExports = nowhere(
  typescript,
  /^export default|^export \{[^}]*\bas default\b/gm,
  () => 'exports a default; export by name',
);

/** One focused test hides all the others, and a skipped one hides itself. */
export const noTestIsLeftOut = nowhere(
  spec,
  /\.(?:only|skip)(?:\.each)?\(|\b[fx](?:it|test|describe)\(/g,
  (found) => `${found} leaves tests out`,
);

/** Folders of one machine, which no other has: `home/node` alone is every container's. */
export const noMachinePaths = nowhere(
  /(?:)/,
  /(?<![\w.~-])\/(?:work|root|Users|home\/(?!node\/)\w+)\//g,
  (found) => `${found} is a path of one machine`,
);

const npmsOwnHosts = new Set(['registry.npmjs.org', 'www.npmjs.com', 'docs.npmjs.com']);
const mirrorLabel = /(?:^|\.)(?:registry|npm|npmjs|npmmirror|mirrors?|artifactory|nexus)(?:\.|$)/;

function hostsIn(text: string): readonly string[] {
  return [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => host);
}

/** A clone must install from the public registry, or from whatever its own npm is set to. */
export const noOtherRegistry: Rule = ({ files, text }) =>
  files.flatMap((path) => {
    const content = text(path) ?? '';
    const mirrors = hostsIn(content).filter(
      (host) => mirrorLabel.test(host) && !npmsOwnHosts.has(host),
    );
    const setting = path.endsWith('.npmrc') && /registry\s*=/.test(content) ? ['a setting'] : [];
    return [...mirrors, ...setting, ...(path === 'package-lock.json' ? foreign(content) : [])].map(
      (found) => `${path}: names a registry: ${found}`,
    );
  });

/** A lock may also name a plain host, which no label gives away. */
function foreign(lock: string): readonly string[] {
  const places = [...lock.matchAll(/"resolved": "([^"]+)"/g)].map(([, place = '']) => place);
  return places.filter((place) => !place.startsWith('https://registry.npmjs.org/'));
}
