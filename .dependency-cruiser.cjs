/** The layering of docs/architecture.md: api → workflows → activities → domain → PostgreSQL. Nothing flows back up. */
const only = (name, from, forbidden, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.spec\\.ts$' },
  to: { path: forbidden },
});

/** Contexts of the domain in the order in which they may know each other: later ones the earlier. */
const contexts = [
  'money',
  'calendar',
  'search',
  'events',
  'companies',
  'notifications',
  'customers',
  'payments',
  'billing',
  'catalogue',
  'usage',
  'identity',
  'inventory',
  'promotions',
  'entitlements',
  'test-clocks',
  'subscriptions',
  'orders',
  'refunds',
  'intents',
  'deployments',
];

/** The file `errors.ts` and its codes belong to no context. */
const contextOrder = contexts.slice(0, -1).map((context, index) => ({
  name: 'contexts-know-earlier-ones',
  severity: 'error',
  from: { path: `^domain/${context}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: `^domain/(${contexts.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...contextOrder,
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: 'platform/db/generated' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], pathNot: '@types/' },
    },
    only(
      'domain-stands-alone',
      '^domain',
      '^(api|workflows|activities|workers|gateways|cli|embedded)/',
      'Domain knows neither callers nor the outside.',
    ),
    only(
      'domain-knows-no-framework',
      '^domain',
      'node_modules/(@temporalio|express|pino|commander)',
      'Domain imports neither Temporal nor Express.',
    ),
    {
      name: 'rules-are-pure',
      severity: 'error',
      // What knows time zones is named `-calendar`: the bundler refuses workflow code that reaches it (D1).
      from: { path: '-rules\\.ts$' },
      to: {
        path: '^platform/(?!ids|money)|node_modules/(@prisma|pg|temporal-polyfill)|zoned-calendar|^(fs|path|crypto|http)$',
      },
    },
    {
      name: 'workflows-import-only-rules-and-messages',
      severity: 'error',
      from: { path: '^workflows', pathNot: '\\.spec\\.ts$' },
      // Names of search attributes stand once, for those who set them at the start and those who keep them true.
      to: {
        path: '^(api|gateways|workers|cli|platform)/',
        pathNot: '^platform/temporal/search-attributes\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflows-see-activities-as-types',
      severity: 'error',
      from: { path: '^workflows' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-see-only-rules-of-domain',
      severity: 'error',
      from: { path: '^workflows', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^domain/',
        pathNot: '(-rules|-types|-codes|-schema|/errors)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    only(
      'platform-holds-no-business',
      '^platform',
      '^(api|workflows|activities|workers|domain|gateways|cli)/',
      'Platform holds no business rule.',
    ),
    only(
      'gateways-see-domain-interfaces',
      '^gateways',
      '^(api|workflows|activities|workers|cli)/',
      'Gateways implement interfaces of the domain.',
    ),
    {
      name: 'sandboxes-stand-outside',
      comment:
        'Servers that stand in for providers: the product reaches them over the network, only the CLI starts them.',
      severity: 'error',
      from: { path: '^(api|workflows|activities|workers|domain|gateways|platform)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^sandboxes/' },
    },
    {
      name: 'one-door-to-temporal',
      severity: 'error',
      comment:
        'What starts and messages workflows stands in clients/; others hand the client on. map-error reads failures.',
      from: {
        path: '^(api|workflows|activities|workers|domain|gateways|cli|platform)/',
        pathNot: '\\.spec\\.ts$|^platform/temporal/|^api/http/pipeline/map-error\\.ts$',
      },
      to: { path: 'node_modules/@temporalio/client', dependencyTypesNot: ['type-only'] },
    },
    only(
      'clients-only-send',
      '^clients',
      '^(api|activities|workers|gateways|cli)/',
      'Clients start and message workflows for whoever needs it.',
    ),
    only(
      'activities-do-not-call-up',
      '^activities',
      '^(api|workflows|workers|cli)/',
      'Activities unpack, call the domain, map errors.',
    ),
    only(
      'api-does-not-run-workers',
      '^api',
      '^(activities|workers|cli)/',
      'The API starts workflows by message and reads from the domain.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'platform/db/generated' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
