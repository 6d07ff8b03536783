import type { Client } from '@temporalio/client';

import { runOutboxDispatcher } from '../domain/events/dispatch-outbox';
import { runNoticeDelivery } from '../domain/notifications/deliver-notices';
import { createSignedLinks } from '../domain/notifications/signed-links';
import { openMail } from '../gateways/mail/open-mail';
import type { Config } from '../platform/config';
import type { Logger } from '../platform/logger';
import type { ActivityResources } from './activity-sets';
import { runRowHealing } from './repair/heal-rows';
import type { RestartedWorkflows } from './repair/restarted-workflows';
import { runCreditExpiry } from './credit-expiry';
import { runOverrideExpiry } from './override-expiry';
import { runPaymentRelay } from './payment-relay';
import type { ServiceDefinition } from './services';
import { runUsageThresholds } from './usage-thresholds';

/**
 * Loops that belong to a service and run where its Worker runs: the relay of the payment inbox (D5), the healing of rows
 * without a workflow and the expiry of credit with payment-svc, that of entitlement overrides and the thresholds of usage with subscription-svc, the outbox dispatcher (D7) and the delivery of notices with notification-svc. Any number of processes may run them: the
 * database lets one dispatch at a time, and hands each payment and each notice to one.
 */
export function startBackgroundLoops(options: {
  config: Config;
  services: readonly ServiceDefinition[];
  resources: ActivityResources;
  temporal: Client;
  restarted: RestartedWorkflows;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { config, resources, temporal, restarted, logger } = options;
  const { database, clock, installation } = resources;
  const abort = new AbortController();
  const has = (name: string) => options.services.some((service) => service.name === name);
  const { signal } = abort;
  const links = createSignedLinks({ secret: config.JWT_SECRET, publicUrl: config.publicUrl });
  const mail = has('notification-svc') ? openMail({ config, logger }) : null;
  const loops = [
    ...(has('payment-svc')
      ? [
          runPaymentRelay({ database, clock, temporal, logger, signal }),
          runRowHealing({ database, temporal, clock, logger, restarted, signal }),
          runCreditExpiry({ database, clock, logger, signal }),
        ]
      : []),
    ...(has('subscription-svc')
      ? [
          runOverrideExpiry({ database, clock, logger, signal }),
          runUsageThresholds({ database, clock, temporal, logger, signal }),
        ]
      : []),
    ...(has('notification-svc') ? [runOutboxDispatcher({ database, clock, logger, signal })] : []),
    ...(mail === null ? [] : [runNoticeDelivery({ database, clock, logger, mail, links, installation, signal })]),
  ];

  return {
    async stop() {
      abort.abort();
      await Promise.allSettled(loops);
      mail?.close();
    },
  };
}
