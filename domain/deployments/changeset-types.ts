import { z } from 'zod';

import { businessModels } from '../intents/intent-types';

/**
 * What happens to one service (D28). `keep` says why nothing happens (`shared`: another company needs it; `open_work`;
 * `unchanged`). `env` is what a switch sets in the service's environment, such as SUBSCRIPTION_ENABLED=true; never secrets.
 */
export const serviceChange = z.strictObject({
  /** The documents' name, such as SubscriptionService. */
  name: z.string(),
  /** The technical name: task queue, Worker and deployment in one, such as subscription-svc. */
  service: z.string(),
  namespace: z.enum(['customer', 'product', 'order', 'finance', 'platform']),
  action: z.enum(['create', 'start', 'update', 'stop', 'keep']),
  replicas: z.int().min(0),
  env: z.record(z.string(), z.string()),
  reason: z.string().nullable(),
});

/** What a switch of a company's business model means for the installation's services (D32). */
export const changeset = z.strictObject({
  from: z.enum(businessModels),
  to: z.enum(businessModels),
  services: z.array(serviceChange),
});

export type ServiceChange = z.output<typeof serviceChange>;
export type Changeset = z.output<typeof changeset>;
