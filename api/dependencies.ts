import type { Client } from '@temporalio/client';

import type { AccessTokens } from '../domain/identity/sessions/access-token';
import type { PaymentGateways } from '../domain/payments/payment-gateway';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Database } from '../platform/db/database';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';

/** What routes are built from: `create<Resource>Routes(deps: ApiDependencies): Route[]`. Wired in api/main.ts and by tests. */
export interface ApiDependencies {
  config: Config;
  database: Database;
  /** Connects at its first call; `temporal.workflow` starts and updates workflows. */
  temporal: Client;
  clock: Clock;
  logger: Logger;
  gateways: PaymentGateways;
  accessTokens: AccessTokens;
  metrics: Metrics;
}
