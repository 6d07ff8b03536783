/** Charges one key after another, one line of output each, until its parent kills it. Compiles what it needs on the fly. */
const fs = require('node:fs');
const swc = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = swc.transformSync(fs.readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

const { createCardGateway } = require('../../../gateways/card/create-card-gateway.ts');
const { createPostgresCardLedger } = require('../../../gateways/card/postgres-card-ledger.ts');
const { openDatabase } = require('../../../platform/db/database.ts');

async function main() {
  const { CARD_DATABASE_URL: url, CARD_SUBJECT: subject } = process.env;
  const database = openDatabase({ url, poolSize: 2 });
  const card = createCardGateway({ ledger: createPostgresCardLedger(database.system), referencePrefix: 'P' });

  for (let n = 1; ; n += 1) {
    const { outcome } = await card.charge({
      effectKey: `killed:${n}`,
      reference: 'P1',
      token: 'tok_fails_twice',
      subject,
      amount: 99_000,
      currency: 'VND',
      now: '2026-03-02T03:00:00.000Z',
    });
    fs.writeSync(1, `${outcome}\n`);
  }
}

void main();
