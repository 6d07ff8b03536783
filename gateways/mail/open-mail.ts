import type { MailRoutes } from '../../domain/notifications/mail-gateway';
import type { Config } from '../../platform/config';
import type { Logger } from '../../platform/logger';
import { createMailGateway } from './create-mail-gateway';
import { mailServers } from './mail-servers';

/** Outside production, where nothing leaves the machine. */
const developmentSender = 'no-reply@bmms.test';

/** The ways mail goes from this process, by its configuration. What is missing is said once, here. */
export function openMail({ config, logger }: { config: Config; logger: Logger }): MailRoutes & { close(): void } {
  const servers = mailServers(config);
  const from = config.MAIL_FROM ?? developmentSender;
  const open = (url: string | null) => (url === null ? null : createMailGateway({ url, from }));
  const customers = open(servers.customers);
  const testCustomers = servers.testCustomers === servers.customers ? customers : open(servers.testCustomers);

  if (customers === null) {
    logger.warn('MAIL_URL is not set: customers get no mail, and their notices are marked as skipped');
  }

  return {
    customers,
    testCustomers,
    close() {
      customers?.close();
      testCustomers?.close();
    },
  };
}
