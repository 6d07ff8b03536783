import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { toolCache } from '../../../embedded/bootstrap/tool-cache.mjs';
import { preparePostgresBinaries } from '../../../embedded/postgres/postgres-binaries.mjs';
import { sharedRoot } from '../../../embedded/postgres/postgres-place.mjs';
import { startPostgres } from '../../../embedded/postgres/postgres.mjs';
import { chooseServerUser } from '../../../embedded/postgres/server-user.mjs';
import { createPortClaims } from '../../../embedded/processes/port-claims.mjs';

/**
 * `node serve-vendure.mjs <folder of its packages> <data folder> <port>`: a Vendure shop on a PostgreSQL of its own, with
 * the settings of `npm start`. One line of JSON on standard output when it takes orders; the end of standard input ends both.
 *
 * Twenty products of plenty at 50,000 VND without tax, 10 % tax, one way of shipping that costs nothing, and the payment
 * method that Vendure has for development, which settles at once.
 */
const [packages, data, port] = /** @type {[string, string, string]} */ (process.argv.slice(2));
const require = createRequire(path.join(packages, 'package.json'));
const vendure = require('@vendure/core');
const { populate } = require('@vendure/core/cli');

const projectFolder = path.resolve(import.meta.dirname, '../../..');
const user = chooseServerUser();
const postgres = await startPostgres({
  binaries: preparePostgresBinaries({
    projectFolder,
    user,
    toolFolders: [toolCache(process.env), path.join(sharedRoot(process.env), 'tools')],
  }),
  folder: path.join(data, 'postgres'),
  user,
  adminPassword: randomBytes(12).toString('hex'),
  durable: true,
  wantedPort: Number(port) + 1,
  claimPort: createPortClaims().claim,
  logFile: path.join(data, 'postgres.log'),
  token: randomUUID(),
});
const database = new URL(postgres.adminUrl);
const config = vendure.mergeConfig(vendure.defaultConfig, {
  apiOptions: { port: Number(port), hostname: '127.0.0.1' },
  authOptions: {
    tokenMethod: 'bearer',
    requireVerification: false,
    superadminCredentials: { identifier: 'bench', password: randomBytes(12).toString('hex') },
  },
  dbConnectionOptions: {
    type: 'postgres',
    host: database.hostname,
    port: Number(database.port),
    username: database.username,
    password: decodeURIComponent(database.password),
    database: database.pathname.slice(1),
    synchronize: true,
    logging: false,
  },
  logger: new vendure.DefaultLogger({ level: vendure.LogLevel.Warn }),
  importExportOptions: { importAssetsDir: data },
  paymentOptions: { paymentMethodHandlers: [vendure.dummyPaymentHandler] },
  plugins: [],
});

const products = path.join(data, 'products.csv');
mkdirSync(data, { recursive: true });
writeFileSync(products, productsCsv(20));
const app = await populate(() => vendure.bootstrap(config), initialData(), products).catch(async (error) => {
  await postgres.child.stop();
  throw error;
});

console.log(JSON.stringify({ shopApi: `http://127.0.0.1:${port}/shop-api`, postgresPid: postgres.child.pid }));

// No signal: at one the framework ends this process itself, before its PostgreSQL is stopped.
process.stdin.resume();
process.stdin.once('end', async () => {
  await app.close();
  await postgres.child.stop();
  process.exit(0);
});

function initialData() {
  return {
    defaultLanguage: vendure.LanguageCode.en,
    defaultZone: 'Asia',
    countries: [{ name: 'Viet Nam', code: 'VN', zone: 'Asia' }],
    taxRates: [{ name: 'VAT', percentage: 10 }],
    shippingMethods: [{ name: 'Standard', price: 0 }],
    paymentMethods: [
      {
        name: 'Dummy',
        handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
      },
    ],
    collections: [],
  };
}

/** @param {number} count */
function productsCsv(count) {
  const header =
    'name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets';
  const rows = Array.from(
    { length: count },
    (_, nth) => `Bench product ${nth},bench-${nth},,,,,,BENCH-${nth},500.00,VAT,1000000,true,,`,
  );

  return `${[header, ...rows].join('\n')}\n`;
}
