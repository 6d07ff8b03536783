import type { Client } from '@temporalio/client';

import type { Database } from '../platform/db/database';

/** What clients of workflows are made of. `temporal.workflow` is used in this folder only (a lint rule). */
export interface ClientParts {
  temporal: Client;
  /** Rows say where a workflow that Temporal has lost goes on. */
  database: Database;
}

/** The one of an order, a subscription, a payment …: where its row is. */
export interface OfCompany {
  companyId: number;
  id: number;
}
