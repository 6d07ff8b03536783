import type { Command } from 'commander';

import type { NewDeployment } from '../../domain/deployments/create-deployment';
import { printDetails } from '../print-result';
import { type RunningSystem, withRunningSystem } from '../with-running-system';
import { partsOf } from './model-parts';
import { watch } from './model-progress';
import { askedFor, isClear, languageOf, type Options, readIntent, say, type SwitchWords } from './model-wish';

export async function plan(sentence: string | undefined, options: SwitchWords): Promise<void> {
  const body = await askedFor(sentence, options);
  await withRunningSystem(options.company, async (system) => {
    const { planForTarget } = await import('../../domain/deployments/planning/plan-for-target.js');
    const { describePlan } = await import('../../domain/deployments/planning/describe-plan.js');
    const { intent } = await readIntent(system, body);
    const { drain } = body;

    if (!isClear(intent, options)) {
      return;
    }
    const seen = await (await partsOf(system)).see(body.target);
    const planned = await system.database.withTenantSql(system.companyId, (tx) =>
      planForTarget(tx, seen, { intent, drain }),
    );

    if (options.json === true) {
      printDetails({ ...planned.plan, planHash: planned.hash, target: planned.target }, options);
    } else {
      say(`${describePlan({ ...planned, drain: body.drain }, languageOf(options))}\nplanHash ${planned.hash}`);
    }
  });
}

export async function begin(
  sentence: string | undefined,
  options: SwitchWords & { drainMinutes?: number },
): Promise<void> {
  const [{ SwitchRequest }, { parseInput }] = await Promise.all([
    import('../../api/model/schemas.js'),
    import('../../domain/input-schema.js'),
  ]);
  const wish = await askedFor(sentence, options);
  const body = parseInput(SwitchRequest, { ...wish, drainMinutes: options.drainMinutes });
  await withRunningSystem(options.company, async (system) => {
    const { nextId } = await import('../next-id.js');
    const { intent } = await readIntent(system, body);
    const { text = null, drain, drainMinutes = null } = body;

    if (!isClear(intent, options)) {
      return;
    }
    const id = await nextId(system.database.system, 'platform.deployments');
    const request = { id, intent, sentence: text, drain, drainMinutes, rollbackOf: null };
    await create(system, request, { ...options, ...(body.target === undefined ? {} : { target: body.target }) });
  });
}

async function create(system: RunningSystem, request: NewDeployment, options: SwitchWords): Promise<void> {
  const { createDeployment } = await import('../../domain/deployments/create-deployment.js');
  const { describePlan } = await import('../../domain/deployments/planning/describe-plan.js');
  const { see, tell } = await partsOf(system);
  const { database, companyId, clock } = system;
  const seen = await see(options.target);
  const row = await database.withTenant(companyId, (tx) =>
    createDeployment(tx, seen, { request, by: null, now: clock.now() }),
  );
  await tell(row.id);

  if (options.json !== true) {
    say(`${describePlan(row, languageOf(options))}\nplanHash ${row.planHash}`);
  }

  if (options.yes !== true) {
    say(`\nbmms model approve ${row.id} --plan-hash ${row.planHash}`);
  } else {
    await approve(row.id, { ...options, planHash: row.planHash }, system);
  }
}

export async function approve(
  id: number,
  options: SwitchWords & { planHash?: string },
  known?: RunningSystem | Command,
): Promise<void> {
  const work = async (system: RunningSystem) => {
    const { approveDeployment } = await import('../../domain/deployments/approve-deployment.js');
    const { see, tell, read } = await partsOf(system);
    const { database, companyId, clock } = system;
    const seen = await see((await read(id)).target.kind);
    const { stale } = await database.withTenant(companyId, (tx) =>
      approveDeployment(tx, seen, { id, planHash: options.planHash, by: null, now: clock.now() }),
    );

    if (stale !== null) {
      throw stale;
    }
    await tell(id);

    if (options.watch !== false) {
      await watch(system, id, options);
    }
  };
  await (known !== undefined && 'database' in known ? work(known) : withRunningSystem(options.company, work));
}

export async function cancel(id: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { cancelDeployment } = await import('../../domain/deployments/cancel-deployment.js');
    const { tell } = await partsOf(system);
    const { database, companyId, clock } = system;
    await database.withTenant(companyId, (tx) => cancelDeployment(tx, { id, now: clock.now() }));
    await tell(id);
    await watch(system, id, options);
  });
}

export async function rollback(id: number, options: SwitchWords): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const [{ rollbackOf }, { nextId }, { read }] = await Promise.all([
      import('../../domain/deployments/rollback-request.js'),
      import('../next-id.js'),
      partsOf(system),
    ]);
    const back = await nextId(system.database.system, 'platform.deployments');
    const row = await read(id);
    await create(system, rollbackOf(row, back), { ...options, target: row.target.kind });
  });
}
