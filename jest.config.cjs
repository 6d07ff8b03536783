const transform = {
  '^.+\\.(t|j|mj)s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' }],
};
const base = {
  testEnvironment: 'node',
  transform,
  // jose and standardwebhooks are ESM only; Jest's own module system needs them as CommonJS.
  transformIgnorePatterns: ['node_modules/(?!(jose)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.bmms/'],
  testTimeout: 60_000,
};

module.exports = {
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/{domain,platform,api,workflows,activities,workers,gateways,cli}/**/*.spec.ts'] },
    { ...base, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
    { ...base, displayName: 'end-to-end', testMatch: ['<rootDir>/test/end-to-end/**/*.test.ts'] },
  ],
};
