import { z } from 'zod';

import { lookAtTarget } from '../../clients/drift-client';
import { targetKinds } from '../../domain/deployments/deployment-target-types';
import type { ApiDependencies } from '../dependencies';
import { administrators, defineRoute, type Route } from '../http/pipeline/route';
import { tag } from './schemas';

/** Shorter than the deadline of an answer. Milliseconds. */
const patienceMs = 15_000;

const managed = z.array(z.strictObject({ manager: z.string(), field: z.string() }));
const change = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  service: z.string(),
  change: z.enum(['create', 'update', 'unchanged', 'delete']),
  fields: z.array(z.string()),
  takenFrom: managed.describe('Who has set a field of ours to something else.'),
  leftTo: managed.describe('Who owns a field that is left to it, such as the replicas of an autoscaler.'),
});

const DriftSchema = z
  .strictObject({
    target: z.enum(targetKinds),
    revision: z.int().nullable().describe('That it is compared with; null: nothing was deployed, or it cannot drift.'),
    isBusy: z.boolean().describe('A deployment is under way: nothing is said of it.'),
    changes: z.array(change).describe('Objects that are gone or changed.'),
    superfluous: z.array(change).describe('Objects of ours that no revision names any more.'),
    needed: z.array(z.string()).describe('Services that stand still though a company has come to need them.'),
    outcome: z.enum(['found', 'mended', 'not_mended']),
    says: z.array(z.string()).describe('The same for people, a line each.'),
  })
  .meta({ id: 'Drift' });

/** Whether the target of the installation still is as it was deployed. */
export function createDriftRoutes({ config, temporal }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/model/drift',
      operationId: 'readDrift',
      summary: 'Look whether what runs is as it was deployed',
      description:
        'A look of its own by k8s-generator, which changes nothing. The Schedule `drift/kubernetes` looks too, starts what a company has come to need, and mends where the installation is set to.',
      tag,
      access: administrators,
      responses: { 200: DriftSchema },
      errors: ['target_unknown', 'target_incomplete', 'target_forbidden', 'target_conflict', 'unavailable'],
      async handler() {
        const kind = config.DEPLOYMENT_TARGET;

        return { status: 200, body: { ...(await lookAtTarget(temporal, { kind, mode: 'look', patienceMs })) } };
      },
    }),
  ];
}
