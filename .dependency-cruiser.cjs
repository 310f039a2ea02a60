// Who may import whom: the walls of docs/style.md, run by `npm test`. Tests see everything in their
// own app and are held by the first rules only.
const service = '^apps/(?!(?:platform|gateway|auditor|web)/)([^/]+)/src/';
const test = '\\.spec\\.ts$|^apps/[^/]+/test/';
/** What has no role is a decider: `dispute.ts`, and `dispute.intake.ts` where its life is long. */
const noRole =
  '(?!main\\.ts$|.*\\.(?:events|service|resolver|views?|reaction|timer|module|schema|refusals|guards|spec)\\.ts$)';
const decider = `${service}${noRole}`;
const role = (suffix) => `${service}.*\\.${suffix}\\.ts$`;
const own = (suffix) => `^apps/$1/src/.*\\.${suffix}\\.ts$`;
const ownDecider = `^apps/$1/src/${noRole}`;
const lib = (names) => `^libs/(?:${names})/`;
/** Libs without input and output, and without a framework. */
const pure = 'contracts|event|calendar|grid-work|appointments';
/** Schemas are written in zod, which is as pure as they are. */
const zod = 'node_modules/zod/';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid(
      'apps-import-libs',
      'Services speak through published events; platform alone puts them together.',
      { path: '^apps/([^/]+)/', pathNot: '^apps/(?:platform|auditor)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    forbid(
      'platform-takes-sources',
      'The tests and tools of another app are its own.',
      { path: '^apps/platform/' },
      { path: '^apps/(?!platform/)', pathNot: '^apps/[^/]+/(?:src|divisions)/(?!.*\\.spec\\.ts$)' },
    ),
    forbid(
      'auditor-takes-definitions',
      'An auditor replays what a service recorded with its events and views, and trusts no more of it.',
      { path: '^apps/auditor/' },
      { path: '^apps/(?!auditor/)', pathNot: '^apps/[^/]+/src/.*\\.(?:views?|events)\\.ts$' },
    ),
    forbid(
      'libs-know-no-app',
      'A lib serves every app, so it can know none.',
      { path: '^libs/' },
      { path: '^apps/' },
    ),
    forbid(
      'nothing-needs-scripts',
      'Scripts build and check the product; they are no part of it.',
      { path: '^(?:apps|libs)/' },
      { path: '^scripts/' },
    ),
    forbid(
      'no-cycle',
      'Files that import each other cannot be understood, or loaded, one by one.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'lib-by-its-name',
      'Another lib is `#libs/NAME`; a relative path goes behind its back.',
      { path: '^(apps|libs)/([^/]+)/' },
      { path: '^libs/', pathNot: '^$1/$2/', dependencyTypesNot: ['aliased-subpath-import'] },
    ),
    forbid(
      'lib-by-its-face',
      'The index.ts of a lib is all that it promises.',
      { path: '^(apps|libs)/([^/]+)/' },
      { path: '^libs/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    ),
    forbid('resolvable', 'The file or package is not there.', {}, { couldNotResolve: true }),
    forbid(
      'declared',
      'A package that package.json does not name can vanish with an update of another.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'no-development-package-at-work',
      'An installation for work has no development packages.',
      { path: '^(?:apps|libs)/', pathNot: [test, 'conformance'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'pure-libs',
      'Rules and proofs are replayed by auditors, who run neither Nest nor our services.',
      { path: lib(`${pure}|transparency`), pathNot: test },
      { path: ['^@nestjs/', 'node_modules/@nestjs/'] },
    ),
    forbid(
      'pure-libs-touch-nothing',
      'Pure means without files, network and clocks; hashing touches nothing.',
      { path: lib(`${pure}|transparency`), pathNot: test },
      { dependencyTypes: ['core'], pathNot: '^(?:node:)?crypto$' },
    ),
    forbid(
      'drivers-stay-in-libs',
      'A store or a broker can be replaced only while one lib alone knows it.',
      { path: '^apps/', pathNot: test },
      { path: ['^(?:node:)?sqlite$', 'node_modules/(?:mongoose|mongodb|kafkajs)/'] },
    ),
    forbid(
      'events-record',
      'Events import no decider and no service: what is stored outlives both.',
      { path: role('events'), pathNot: test },
      { pathNot: [own('events'), lib(pure), zod] },
    ),
    forbid(
      'deciders-decide',
      'A rule knows events, contracts and other rules; then a replay needs nothing else.',
      { path: decider },
      { pathNot: [own('events'), ownDecider, lib(pure)] },
    ),
    forbid(
      'views-answer',
      'A view knows events only, so that it can be rebuilt from them alone.',
      { path: role('views?') },
      { pathNot: [own('events'), own('view'), '^libs/'] },
    ),
    forbid(
      'refusals-explain',
      'The words of a refusal belong to its rule, not to the transport.',
      { path: role('refusals') },
      { pathNot: [own('refusals'), own('events'), ownDecider, '^libs/'] },
    ),
    forbid(
      'services-act',
      'A service does not know who calls it or how it is wired.',
      { path: role('service') },
      { path: [role('resolver'), role('reaction'), role('timer'), role('module'), role('schema')] },
    ),
    forbid(
      'modules-wire',
      'Only main, tests and the platform start a module; the rest of a service is wired by it.',
      { path: `${service}(?!main\\.ts$)`, pathNot: [role('module'), test] },
      { path: role('module') },
    ),
    forbid(
      'edges-are-ends',
      'Resolvers and reactions are where a request or an event comes in; nothing stands on them.',
      { path: service, pathNot: [role('module'), test] },
      { path: [role('resolver'), role('reaction'), role('timer'), `${service}main\\.ts$`] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
};
