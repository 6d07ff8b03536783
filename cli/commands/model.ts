import { setTimeout as sleep } from 'node:timers/promises';

import type { Command } from 'commander';

import type { NewDeployment } from '../../domain/deployments/create-deployment';
import type { TargetKind } from '../../domain/deployments/deployment-target-types';
import type { DeploymentRow } from '../../domain/deployments/row/deployment-row';
import { printDetails, printResult } from '../print-result';
import { type RunningSystem, withRunningSystem } from '../with-running-system';
import { addDriftCommand } from './model-drift';
import { askedFor, isClear, languageOf, type Options, parse, readIntent, say, type SwitchWords } from './model-wish';
import { wholeNumber } from './subscription';

/** `bmms model …`: how the company does business, and its way to another model, on the system that runs. */
export function addModelCommand(program: Command): void {
  const model = program.command('model').description('the business model of a company, on the system that runs');
  const common = (command: Command): Command =>
    command
      .option('--company <slug>', 'company it belongs to (default: DEFAULT_COMPANY)')
      .option('--json', 'print JSON');
  const asking = (command: Command): Command =>
    common(command)
      .argument('[sentence]', 'what is asked for, as “Chuyển sang subscription 199k/tháng”')
      .option('--to <model>', 'retail, subscription, freemium or multi')
      .option('--intent <json>', 'what is asked for, as POST /model/parse takes it')
      .option('--target <kind>', 'local, kubernetes or directory (default: DEPLOYMENT_TARGET)')
      .option('--drain <word>', 'finish, refuse or wait: what becomes of open work', 'finish')
      .option('--lang <language>', 'vi or en', 'vi');

  common(model.command('parse').description('read a sentence: the intent, or what has to be asked'))
    .argument('<sentence>', 'what is asked for, as “Chuyển sang subscription 199k/tháng”')
    .option('--lang <language>', 'vi or en', 'vi')
    .action(parse);
  asking(model.command('plan').description('show what a switch would do, and change nothing')).action(plan);
  asking(model.command('switch').description('plan a switch, and carry it out once it is approved'))
    .option('--drain-minutes <number>', 'how long drain wait waits (default: 60)', wholeNumber)
    .option('--yes', 'approve the plan as it is shown')
    .option('--no-watch', 'do not wait for its end')
    .action(begin);
  common(model.command('status').description('how far a switch is; the latest one where none is named'))
    .argument('[id]', 'of the switch', wholeNumber)
    .option('--watch', 'wait for its end')
    .action((id: number | undefined, options: SwitchWords) => status(id, options));
  common(model.command('history').description('the last twenty switches, newest first')).action(history);
  addDriftCommand(common(model.command('drift')));
  common(model.command('approve').description('say yes to a switch'))
    .argument('<id>', 'of the switch', wholeNumber)
    .option('--plan-hash <hash>', 'of the plan that was shown')
    .option('--no-watch', 'do not wait for its end')
    .action(approve);
  common(model.command('cancel').description('call a switch off; what was applied is put back'))
    .argument('<id>', 'of the switch', wholeNumber)
    .action(cancel);
  common(model.command('rollback').description('plan the way back from a switch'))
    .argument('<id>', 'of the switch', wholeNumber)
    .option('--lang <language>', 'vi or en', 'vi')
    .option('--yes', 'approve the plan as it is shown')
    .action(rollback);
}

async function parts(system: RunningSystem) {
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

async function plan(sentence: string | undefined, options: SwitchWords): Promise<void> {
  const body = await askedFor(sentence, options);
  await withRunningSystem(options.company, async (system) => {
    const { planForTarget } = await import('../../domain/deployments/planning/plan-for-target.js');
    const { describePlan } = await import('../../domain/deployments/planning/describe-plan.js');
    const { intent } = await readIntent(system, body);
    const { drain } = body;

    if (!isClear(intent, options)) {
      return;
    }
    const seen = await (await parts(system)).see(body.target);
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

async function begin(sentence: string | undefined, options: SwitchWords & { drainMinutes?: number }): Promise<void> {
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
  const { see, tell } = await parts(system);
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

async function approve(
  id: number,
  options: SwitchWords & { planHash?: string },
  known?: RunningSystem | Command,
): Promise<void> {
  const work = async (system: RunningSystem) => {
    const { approveDeployment } = await import('../../domain/deployments/approve-deployment.js');
    const { see, tell, read } = await parts(system);
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

async function cancel(id: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { cancelDeployment } = await import('../../domain/deployments/cancel-deployment.js');
    const { tell } = await parts(system);
    const { database, companyId, clock } = system;
    await database.withTenant(companyId, (tx) => cancelDeployment(tx, { id, now: clock.now() }));
    await tell(id);
    await watch(system, id, options);
  });
}

async function rollback(id: number, options: SwitchWords): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const [{ rollbackOf }, { nextId }, { read }] = await Promise.all([
      import('../../domain/deployments/rollback-request.js'),
      import('../next-id.js'),
      parts(system),
    ]);
    const back = await nextId(system.database.system, 'platform.deployments');
    const row = await read(id);
    await create(system, rollbackOf(row, back), { ...options, target: row.target.kind });
  });
}

async function status(id: number | undefined, options: SwitchWords): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { read, list } = await parts(system);
    const [latest] = id === undefined ? await list(1) : [await read(id)];

    if (latest === undefined) {
      say('no switch yet');
    } else if (options.watch === true) {
      await watch(system, latest.id, options);
    } else {
      printRow(latest, options);
    }
  });
}

async function history(options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const rows = await (await parts(system)).list(20);
    printResult(
      rows.map(({ id, status: stands, plan: { from, to }, target, createdAt, outcome }) => ({
        id,
        status: stands,
        from,
        to,
        target: target.kind,
        createdAt: createdAt.toISOString(),
        outcome,
      })),
      options,
    );
  });
}

/** Prints what happens as it happens, until the switch is over or waits for a person. */
async function watch(system: RunningSystem, id: number, options: Options): Promise<void> {
  const { read } = await parts(system);
  let told = 0;

  for (;;) {
    const row = await read(id);

    if (options.json !== true) {
      row.steps
        .slice(told)
        .forEach(({ at, status: stands, says }) => say(`${at.slice(11, 23)}  ${stands.padEnd(17)}  ${says}`));
    }
    told = row.steps.length;

    if (row.endedAt !== null || (row.status === 'awaiting_approval' && row.approvedAt === null)) {
      printRow(row, options);

      if (row.endedAt !== null && row.status !== 'succeeded' && row.status !== 'cancelled') {
        process.exitCode = 1;
      }

      return;
    }
    await sleep(200);
  }
}

function printRow(row: DeploymentRow, options: Options): void {
  const {
    id,
    status: stands,
    plan: { from, to },
    target,
    planHash,
    retiring,
    outcome,
  } = row;
  printDetails(
    { id, status: stands, from, to, target: target.kind, planHash, retiring: retiring.join(' '), outcome },
    options,
  );
}
