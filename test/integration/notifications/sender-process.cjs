/**
 * Delivers notices as a process of its own, so that a test can kill it: when the mail server has taken a mail it says so on
 * stdout, and never comes to note it. TypeScript is compiled as it is loaded.
 */
const { readFileSync } = require('node:fs');
const path = require('node:path');

const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

const projectFolder = path.resolve(__dirname, '..', '..', '..');
const { deliverDueNotices } = require(path.join(projectFolder, 'domain/notifications/deliver-notices.ts'));
const { createMailGateway } = require(path.join(projectFolder, 'gateways/mail/create-mail-gateway.ts'));
const { fixedClock } = require(path.join(projectFolder, 'platform/clock.ts'));
const { openDatabase } = require(path.join(projectFolder, 'platform/db/database.ts'));

const gateway = createMailGateway({ url: process.env.MAIL_URL, from: 'shop@bmms.test' });
const customers = {
  ...gateway,
  async send(mail) {
    const outcome = await gateway.send(mail);
    console.log(JSON.stringify(outcome));
    setInterval(() => undefined, 1_000);

    return new Promise(() => undefined);
  },
};

void deliverDueNotices({
  database: openDatabase({ url: process.env.DATABASE_URL, poolSize: 2 }),
  clock: fixedClock(process.env.NOW),
  logger: { info: console.error, warn: console.error },
  mail: { customers, testCustomers: null },
  installation: process.env.INSTALLATION,
});
