import type { TargetKind } from '../../domain/deployments/deployment-target-types';
import type { RunningSystem } from '../with-running-system';

/** What the commands about the business model see and tell, of the company they are for. */
export async function partsOf(system: RunningSystem) {
  const [{ openTargets }, { seeTarget }, { tellModelSwitch }, { readDeployment, listDeployments }] = await Promise.all([
    import('../../gateways/open-targets.js'),
    import('../../domain/deployments/planning/seen-target.js'),
    import('../../clients/model-switch-client.js'),
    import('../../domain/deployments/row/deployment-row.js'),
  ]);
  const { database, companyId, config } = system;
  const targets = openTargets(system);

  return {
    see: async (kind: TargetKind = config.DEPLOYMENT_TARGET) => seeTarget(await targets(kind)),
    tell: (id: number) => tellModelSwitch(system, { companyId, id }),
    read: (id: number) => database.withTenantSql(companyId, (tx) => readDeployment(tx, id)),
    list: (limit: number) => database.withTenantSql(companyId, (tx) => listDeployments(tx, { before: null, limit })),
  };
}
