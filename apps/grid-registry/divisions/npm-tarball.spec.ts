import { npmCommand } from './npm-tarball.js';

describe('the npm that is run', () => {
  it('is the one that runs us', () => {
    const path = '/usr/lib/node_modules/npm/bin/npm-cli.js';
    expect(npmCommand(path)).toEqual([process.execPath, path]);
  });

  it('is npm on the path when something else runs us', () => {
    expect(npmCommand('/usr/lib/node_modules/pnpm/bin/pnpm.cjs')).toEqual(['npm']);
    expect(npmCommand('')).toEqual(['npm']);
  });
});
