import type { Client } from '@temporalio/client';

import { runOutboxDispatcher } from '../domain/events/dispatch-outbox';
import type { Logger } from '../platform/logger';
import type { ActivityResources } from './activity-sets';
import { runPaymentRelay } from './payment-relay';
import type { ServiceDefinition } from './services';

/**
 * Loops that belong to a service and run where its Worker runs: the relay of the payment inbox with payment-svc (D5), the
 * outbox dispatcher with notification-svc (D7). Any number of processes may run them; the database lets one work.
 */
export function startBackgroundLoops(options: {
  services: readonly ServiceDefinition[];
  resources: ActivityResources;
  temporal: Client;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { resources, temporal, logger } = options;
  const { database, clock } = resources;
  const abort = new AbortController();
  const has = (name: string) => options.services.some((service) => service.name === name);
  const loops = [
    ...(has('payment-svc') ? [runPaymentRelay({ database, clock, temporal, logger, signal: abort.signal })] : []),
    ...(has('notification-svc') ? [runOutboxDispatcher({ database, clock, logger, signal: abort.signal })] : []),
  ];

  return {
    async stop() {
      abort.abort();
      await Promise.allSettled(loops);
    },
  };
}
