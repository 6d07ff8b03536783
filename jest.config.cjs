const transform = {
  '^.+\\.(t|j|mj)s$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
  ],
};
const base = {
  testEnvironment: '<rootDir>/test/environment/jest-environment.cjs',
  resolver: '<rootDir>/test/environment/jest-resolver.cjs',
  transform,
  // These are ESM only; Jest's own module system needs them as CommonJS.
  transformIgnorePatterns: [
    'node_modules/(?!(jose|temporal-polyfill|temporal-utils|@kubernetes/client-node|openid-client|oauth4webapi)/)',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.bmms/', '<rootDir>/.bmms-test/', '<rootDir>/.bmms-bench/'],
};

module.exports = {
  testTimeout: 240_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{domain,platform,api,clients,workflows,activities,workers,gateways,sandboxes,cli}/**/*.spec.ts',
        '<rootDir>/test/containers/**/*.spec.ts',
      ],
    },
    { ...base, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
    {
      ...base,
      displayName: 'end-to-end',
      testMatch: ['<rootDir>/test/end-to-end/**/*.test.ts'],
      globalSetup: '<rootDir>/test/environment/end-to-end-setup.ts',
      globalTeardown: '<rootDir>/test/environment/end-to-end-teardown.ts',
    },
    { ...base, displayName: 'crash', testMatch: ['<rootDir>/test/crash/**/*.test.ts'] },
    { ...base, displayName: 'kubernetes', testMatch: ['<rootDir>/test/kubernetes/**/*.test.ts'] },
  ],
};
