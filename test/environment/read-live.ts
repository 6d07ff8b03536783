import type { JsonObject } from '../../domain/deployments/deployment-target-types';
import { appliedKinds, objectPath } from '../../gateways/kubernetes/object-path';
import type { TestPlace } from './test-place';

/** An object of a test's place as it stands in the cluster, read as its administrator. */
export async function readLive(
  place: TestPlace,
  kind: (typeof appliedKinds)[number]['kind'],
  domain: string,
  name: string,
): Promise<{ isThere: boolean; generation: number; content: JsonObject }> {
  const { apiVersion } = appliedKinds.find((one) => one.kind === kind) ?? appliedKinds[0];
  const path = objectPath({ apiVersion, kind, namespace: `${place.prefix}${domain}`, name });
  const { status, body } = await place.admin.send({ method: 'GET', path });
  const metadata = body['metadata'] as { generation?: number } | undefined;

  return { isThere: status === 200, generation: metadata?.generation ?? 0, content: body };
}
