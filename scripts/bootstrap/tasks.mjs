/** What each npm script runs. `build: false`: the program needs no compiled apps. */
export const tasks = new Map([
  ['start', { program: 'dist/apps/platform/src/main.js' }],
  ['start:registry', { program: 'dist/apps/grid-registry/src/main.js' }],
  ['start:mediation', { program: 'dist/apps/mediation/src/main.js' }],
  ['start:volunteers', { program: 'dist/apps/volunteers/src/main.js' }],
  ['start:inspections', { program: 'dist/apps/inspections/src/main.js' }],
  ['start:gateway', { program: 'dist/apps/gateway/src/main.js' }],
  ['demo', { program: 'dist/apps/platform/src/demo.js' }],
  ['areas', { program: 'dist/apps/platform/src/areas.js' }],
  ['token', { program: 'dist/apps/platform/src/token.js' }],
  ['schema', { program: 'scripts/schema.ts' }],
  ['docs', { program: 'scripts/docs.ts' }],
  ['build', {}],
  ['test', { program: 'scripts/test.mjs', build: false }],
  [
    'format',
    {
      program: 'node_modules/prettier/bin/prettier.cjs',
      args: (paths) => ['--write', ...(paths.length ? paths : ['.'])],
      build: false,
    },
  ],
]);
