import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** What workflow code and pure rules may never touch: replay must see the same values on every host. */
const nodeBuiltins = [
  {
    group: ['node:*', 'fs', 'path', 'crypto', 'os', 'http', 'https', 'net', 'child_process'],
    message: 'Node built-ins are not deterministic; pass values in.',
  },
];

/** `temporal.workflow` starts and messages workflows. */
const oneDoor = { property: 'workflow', message: 'Workflows are started and messaged by the functions of clients/.' };

export default tseslint.config(
  {
    ignores: ['dist/', 'coverage/', '.bmms/', '.bmms-test/', '.bmms-bench/', 'platform/db/generated/', 'node_modules/'],
  },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { ...globals.node }, ecmaVersion: 2024 },
    rules: {
      curly: ['error', 'all'],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
      globals: { ...globals.node },
    },
    rules: {
      curly: ['error', 'all'],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-object-type': 'off',
    },
  },
  {
    files: ['workflows/**/*.ts', 'domain/**/*-rules.ts'],
    // Days by locale and zone, no rule of a workflow: it takes the suffix -calendar when its folder is quiet.
    ignores: ['**/*.spec.ts', 'domain/notifications/notice-format-rules.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: nodeBuiltins }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Rules get `now` as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Not deterministic.',
        },
        ...['AwaitExpression', 'ReturnStatement'].map((parent) => ({
          selector: `CallExpression[callee.name='setHandler'] ${parent} > CallExpression:not([callee.object.name=/^(commands|answers)$/]):not([callee.name=/^(condition|waitForCard)$/])`,
          message: 'Handlers only enqueue: a step that runs beside the loop comes in another order at a replay.',
        })),
        {
          selector:
            "CallExpression[callee.name='setHandler'] CallExpression[callee.name=/Steps$|^(payments|questions)$/]",
          message: 'Handlers only enqueue: steps run in the loop.',
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Rules get `now` as an argument (D1).' },
      ],
      'no-restricted-globals': [
        'error',
        'process',
        'setTimeout',
        'setInterval',
        { name: 'Intl', message: 'Hosts differ in their locale data; see domain/money/localized-money.ts.' },
      ],
    },
  },
  {
    files: [
      'api/**/*.ts',
      'activities/**/*.ts',
      'domain/**/*.ts',
      'gateways/**/*.ts',
      'sandboxes/**/*.ts',
      'workflows/**/*.ts',
      'workers/**/*.ts',
    ],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Configuration is read once, in platform/config.ts.' },
        { object: 'Date', property: 'now', message: 'Use platform/clock.ts (D1).' },
        oneDoor,
      ],
    },
  },
  {
    files: ['cli/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-properties': ['error', oneDoor] },
  },
  {
    files: ['api/**/*.ts'],
    ignores: ['**/*.spec.ts', 'api/http/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='z'][callee.property.name='object']",
          message:
            'What is sent to us is strict, and so is what we answer: z.strictObject, or z.looseObject on purpose.',
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    languageOptions: { globals: { ...globals.jest } },
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  },
);
