import type { JsonObject } from '../../domain/deployments/deployment-target-types';
import { otherOwners } from './managed-fields-rules';
import { fieldManager, type LiveObject } from './object-store';

const path = ['spec', 'replicas'];

/**
 * Leaves the number of replicas to an autoscaler, or whoever else sets it: without the field in what is applied, theirs
 * stays. Starting and stopping is ours all the same: an autoscaler does nothing at 0 and goes on from what we start with.
 */
export function leaveReplicas<Manifest extends JsonObject>(
  manifest: Manifest,
  live: LiveObject | null,
): { manifest: Manifest; leftTo: { manager: string; field: string }[] } {
  const spec = manifest['spec'] as JsonObject | undefined;
  const wanted = spec?.['replicas'];
  const owners = live === null ? [] : otherOwners(path, fieldManager, live.managedFields);
  const current = (live?.content['spec'] as JsonObject | undefined)?.['replicas'];

  if (spec === undefined || owners.length === 0 || wanted === undefined || wanted === 0 || current === 0) {
    return { manifest, leftTo: [] };
  }
  const { replicas: _left, ...rest } = spec;

  return {
    manifest: { ...manifest, spec: rest },
    leftTo: owners.map((manager) => ({ manager, field: path.join('.') })),
  };
}
