import { createHash } from 'node:crypto';

import type { TargetDescription } from '../deployment-target-types';
import { canonicalJson } from './canonical-json-rules';
import type { Drain, SwitchPlan } from './switch-plan-types';

/**
 * What ties an approval to what was shown (D32): SHA-256, in hex, of all that a switch would do. How much work is open is
 * no part of it: that moves with every order, and decides only when a service that ends is stopped.
 * @param input.digest of what would be applied to the target
 */
export function planHash(input: { plan: SwitchPlan; target: TargetDescription; drain: Drain; digest: string }): string {
  const { openWork: _counts, companies: _others, changeset, ...plan } = input.plan;
  const { kind, targetId, clusterId } = input.target;
  const services = changeset.services.map((change) =>
    plan.stops.includes(change.service) ? { ...change, action: 'stop', replicas: 0, reason: null } : change,
  );
  const hashed = { ...plan, services, target: { kind, targetId, clusterId }, drain: input.drain, digest: input.digest };

  return createHash('sha256').update(canonicalJson(hashed)).digest('hex');
}
