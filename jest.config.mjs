import { readFileSync } from 'node:fs';

const { exclude: _built, ...swcrc } = JSON.parse(
  readFileSync(new URL('.swcrc', import.meta.url), 'utf8'),
);

export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testMatch: [
    '<rootDir>/{apps,libs}/*/{src,test,divisions,simulation}/**/*.spec.ts',
    '<rootDir>/scripts/**/*.spec.ts',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/', '<rootDir>/.cache/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swcrc, swcrc: false }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
};
