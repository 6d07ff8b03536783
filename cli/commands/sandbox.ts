import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import { createLogger } from '../../platform/logger';
import { runUntilStopped } from '../run-until-stopped';

export function addSandboxCommand(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .description('servers that stand in for providers, for development and tests');

  sandbox
    .command('vnpay')
    .description('a VNPay of our own on VNPAY_SANDBOX_PORT')
    .action(async () => {
      const config = readConfig();
      const logger = createLogger({ level: config.LOG_LEVEL, name: 'vnpay-sandbox' });
      const [{ runVnpaySandbox }, { vnpayIpnPath }] = await Promise.all([
        import('../../sandboxes/vnpay/main.js'),
        import('../../gateways/vnpay/addresses.js'),
      ]);
      const server = await runVnpaySandbox({
        NODE_ENV: config.NODE_ENV,
        VNPAY_SANDBOX_PORT: String(config.VNPAY_SANDBOX_PORT),
        VNPAY_TMN_CODE: config.VNPAY_TMN_CODE,
        VNPAY_HASH_SECRET: config.VNPAY_HASH_SECRET,
        VNPAY_IPN_URL: process.env['VNPAY_IPN_URL'] ?? `${config.publicUrl}${vnpayIpnPath}`,
        VNPAY_SANDBOX_STATE: process.env['VNPAY_SANDBOX_STATE'],
        VNPAY_IPN_RETRY_MS: process.env['VNPAY_IPN_RETRY_MS'],
      });

      await runUntilStopped({ name: 'vnpay-sandbox', url: server.url, logger, stop: () => server.close() });
    });

  sandbox
    .command('mail')
    .description('a mail server on MAIL_SANDBOX_SMTP_PORT that delivers nothing, read on MAIL_SANDBOX_PORT')
    .action(async () => {
      const config = readConfig();
      const logger = createLogger({ level: config.LOG_LEVEL, name: 'mail-sandbox' });

      if (config.isProduction) {
        throw new Error('The mail sandbox delivers nothing and does not run in production.');
      }
      const { startMailSandbox } = await import('../../sandboxes/mail/start-mail-sandbox.js');
      const server = await startMailSandbox({
        port: config.MAIL_SANDBOX_PORT,
        smtpPort: config.MAIL_SANDBOX_SMTP_PORT,
        stateFile: process.env['MAIL_SANDBOX_STATE'] || undefined,
      });

      await runUntilStopped({ name: 'mail-sandbox', url: server.url, logger, stop: () => server.close() });
    });
}
