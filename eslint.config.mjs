// What a linter can hold of the style guide. How code is laid out is Prettier's, and who may import
// whom is in .dependency-cruiser.cjs; here is what may stand inside a file.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const specs = ['**/*.spec.ts', 'apps/*/test/**/*.ts'];
/** The apps that have a layout of their own; every other app is a service. */
const service = 'apps/!(platform|gateway|auditor|web)/src/**';
const entries = [
  '**/main.ts',
  'apps/platform/src/{accounts,areas,backup,demo,migrate-store,ops,recover,restore,token}.ts',
];
/**
 * All other files of a service must answer the same for the same events, today and when an auditor
 * replays them: deciders (which may be split by stage, so that no suffix tells them), events, views.
 */
const acting = ['**/*.{service,resolver,reaction,timer,module,schema}.ts', ...entries, ...specs];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: a default export gets another name in every file that imports it.',
};

const needsCompiling = {
  selector: 'TSEnumDeclaration, TSParameterProperty',
  message: 'Node runs scripts by stripping their types, which this syntax does not survive.',
};

const ownClock = [
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
  'MemberExpression[object.name="Date"][property.name="now"]',
].join(', ');

const impure = [
  {
    selector: ownClock,
    message: 'Time comes in with the command, so that a replay decides the same.',
  },
  {
    selector: [
      'MemberExpression[object.name="Math"][property.name="random"]',
      'Identifier[name="randomUUID"]',
    ].join(', '),
    message: 'Ids and chance come in with the command, so that a replay decides the same.',
  },
  {
    selector: 'TSAsExpression:not([typeAnnotation.typeName.name="const"])',
    message: 'A rule proves its types; only the edge, where a brand is made, may claim one.',
  },
];

const unusedOnPurpose = { argsIgnorePattern: '^_', varsIgnorePattern: '^_' };

const outside = ['console', 'crypto', 'fetch', 'performance', 'process'];
const scheduled = 'Time and timers are those of the scheduler, so that a simulation can own them.';
const timersModule = { group: ['node:timers', 'node:timers/*', 'timers'], message: scheduled };
const timers = ['setImmediate', 'setInterval', 'setTimeout', 'queueMicrotask'];

export default defineConfig(
  globalIgnores(['dist/', 'data/', '.cache/', 'coverage/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Buffer', 'URL', 'clearTimeout', 'clearInterval', 'module', ...outside, ...timers].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
    rules: { 'no-unused-vars': ['error', unusedOnPurpose] },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', 300],
      'no-restricted-syntax': ['error', noDefaultExport],
      // Files with decorators are left alone by this rule: Nest reads the imported classes there.
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', unusedOnPurpose],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { requireDefaultForNonUnion: true, considerDefaultExhaustiveForUnions: true },
      ],
      // A port promises, so that a store may wait; its in-memory twin has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['{apps,libs}/**/*.ts'],
    ignores: entries,
    rules: { 'no-console': 'error' },
  },
  {
    files: ['scripts/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, needsCompiling] },
  },
  {
    // The auditor is a tool that ends: nobody simulates it.
    files: ['{apps,libs}/*/src/**/*.ts'],
    ignores: ['libs/scheduler/**', 'apps/auditor/**', ...entries, ...specs, '**/*.conformance.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['performance', 'setImmediate', 'setInterval', 'setTimeout'].map((name) => ({
          name,
          message: scheduled,
        })),
      ],
      'no-restricted-imports': ['error', { patterns: [timersModule] }],
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        { selector: ownClock, message: scheduled },
      ],
    },
  },
  {
    files: [`${service}/*.ts`],
    ignores: acting,
    rules: {
      'no-restricted-globals': ['error', ...outside, ...timers],
      'no-restricted-imports': ['error', { patterns: ['node:*', '@nestjs/*', 'uuid'] }],
      'no-restricted-syntax': ['error', noDefaultExport, ...impure],
    },
  },
  {
    files: [`${service}/*.{service,resolver,reaction,schema}.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            timersModule,
            {
              regex: '^#libs/(event-log|views|event-bus|privacy)$',
              importNamePattern: '^open[A-Z]|^EventBus',
              message: 'Only the module and main name a store or a bus.',
            },
          ],
        },
      ],
    },
  },
  {
    files: specs,
    rules: {
      'max-lines': ['error', 400],
      // What comes over HTTP in a test is compared whole, and a comparison needs no type.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
