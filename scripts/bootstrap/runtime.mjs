import { existsSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { Stop } from './say.mjs';

/** The oldest Node that serves where the pinned one does not exist: Jest needs 24.9 for ESM. */
const oldest = { major: 24, minor: 9 };

/** The pinned builds, and the loader that each needs: Alpine, for one, has another C library. */
const pinnedBuilds = {
  'linux-x64': '/lib64/ld-linux-x86-64.so.2',
  'linux-arm64': '/lib/ld-linux-aarch64.so.1',
};

const platform = `${process.platform}-${process.arch}`;
const pinnedNode = inRoot('node_modules', `node-${platform}`, 'bin', 'node');

function thisNodeServes() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

/** The Node that runs the project: the pinned one, else this one if new enough, else undefined. */
export function findRuntime() {
  if (existsSync(pinnedNode) && existsSync(pinnedBuilds[platform] ?? '')) return pinnedNode;
  return thisNodeServes() ? process.execPath : undefined;
}

/** Ends a hopeless run before it spends a minute on installing. */
export function refuseHopelessPlatform() {
  if (existsSync(pinnedBuilds[platform] ?? '') || thisNodeServes()) return;
  throw new Stop(
    `no Node is pinned for ${platform}; install Node ${oldest.major}.${oldest.minor} or newer ` +
      `and start again with it (this is Node ${process.versions.node})`,
  );
}
