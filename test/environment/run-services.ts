import path from 'node:path';

import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';

import type { PaymentGateways } from '../../domain/payments/payment-gateway';
import type { Clock } from '../../platform/clock';
import { readConfig } from '../../platform/config';
import type { Database } from '../../platform/db/database';
import { activitiesOf } from '../../workers/activity-sets';
import { findService } from '../../workers/services';
import { testServers } from './servers';

/** What steps of services work with in tests. */
export const serviceResources = (parts: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
  temporal: Client;
}) => ({ ...parts, config: readConfig({}), installation: 'test', allowTestPayments: true });

/** Workers of these services in this process, each on its own task queue. @returns how to stop them */
export async function runServices(options: {
  namespace: string;
  services: readonly string[];
  resources: ReturnType<typeof serviceResources>;
}): Promise<() => Promise<void>> {
  const { namespace, services, resources } = options;
  const connection = await NativeConnection.connect({ address: testServers().temporalAddress });
  const workers = await Promise.all(
    services.map((name) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: name,
        activities: activitiesOf(findService(name), resources),
        workflowBundle: { codePath: path.resolve(__dirname, '../../dist/workflow-bundle.js') },
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());

  return async () => {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(running);
    await connection.close();
  };
}
