import { type Command, InvalidArgumentError } from 'commander';

import type { RequestedCommand } from '../../domain/subscriptions/commands/subscription-command-schema';
import { printDetails, printResult } from '../print-result';
import { type RunningSystem, withRunningSystem } from '../with-running-system';

interface Options {
  company?: string;
  json?: boolean;
}

/** `bmms subscription …`: what the API does, from a terminal, on the system that runs. */
export function addSubscriptionCommand(program: Command): void {
  const subscription = program.command('subscription').description('subscriptions of the system that runs');
  const command = (name: string, description: string): Command =>
    subscription
      .command(name)
      .description(description)
      .argument('<id>', 'of the subscription', wholeNumber)
      .option('--company <slug>', 'company it belongs to (default: DEFAULT_COMPANY)')
      .option('--json', 'print JSON');

  command('show', 'where it stands').action((id: number, options: Options) => show(id, options));
  command('history', 'what has happened to it, newest first').action((id: number, options: Options) =>
    history(id, options),
  );
  command('cancel', 'cancel it at the end of its period')
    .option('--now', 'at once')
    .option('--reason <text>', 'kept with it')
    .action((id: number, options: Options & { now?: boolean; reason?: string }) =>
      carryOut(id, options, {
        type: 'cancel',
        reason: options.reason ?? null,
        cancelAtPeriodEnd: options.now !== true,
      }),
    );
  command('pause', 'pause it at once')
    .option('--at-period-end', 'at the end of its period')
    .option('--reason <text>', 'kept with it')
    .action((id: number, options: Options & { atPeriodEnd?: boolean; reason?: string }) =>
      carryOut(id, options, {
        type: 'pause',
        reason: options.reason ?? null,
        atPeriodEnd: options.atPeriodEnd === true,
      }),
    );
  command('resume', 'resume it').action((id: number, options: Options) => carryOut(id, options, { type: 'resume' }));
  command('reactivate', 'take back a cancellation for the end of its period').action((id: number, options: Options) =>
    carryOut(id, options, { type: 'reactivate' }),
  );
  command('cancel-change', 'take back one change that waits')
    .requiredOption('--change <id>', 'of the change', wholeNumber)
    .action((id: number, options: Options & { change: number }) =>
      carryOut(id, options, { type: 'cancel_change', changeId: options.change }),
    );
  command('change-plan', 'change its plan or quantity, as the company has set it')
    .option('--plan <id>', 'the new plan', wholeNumber)
    .option('--quantity <number>', 'the new number of seats', wholeNumber)
    .option('--now', 'at once, prorated')
    .option('--at-period-end', 'at the end of its period')
    .action(
      (id: number, options: Options & { plan?: number; quantity?: number; now?: boolean; atPeriodEnd?: boolean }) =>
        carryOut(id, options, changeOf(options)),
    );
}

function changeOf(options: {
  plan?: number;
  quantity?: number;
  now?: boolean;
  atPeriodEnd?: boolean;
}): RequestedCommand {
  if (options.plan === undefined && options.quantity === undefined) {
    throw new Error('Name a plan with --plan or a number of seats with --quantity.');
  }

  if (options.now === true && options.atPeriodEnd === true) {
    throw new Error('--now and --at-period-end exclude each other.');
  }

  return {
    type: 'change_plan',
    newPlanId: options.plan ?? null,
    quantity: options.quantity ?? null,
    immediate: options.now === true ? true : options.atPeriodEnd === true ? false : null,
    prorationDate: null,
  };
}

async function show(id: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => printDetails(await read(system, id), options));
}

async function history(subscriptionId: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { listHistory, viewHistory } = await import('../../domain/subscriptions/row/read-subscriptions.js');
    const { row } = await find(system, subscriptionId);
    const entries = await system.database.withTenant(system.companyId, (tx) =>
      listHistory(tx, { subscriptionId, before: null, limit: 100 }),
    );
    const rows = entries.map((entry) => viewHistory(entry, row.timeZone));
    printResult(
      options.json === true
        ? rows
        : rows.map(({ createdAt, action, previousStatus, newStatus, newPlanId, details }) => ({
            createdAt,
            action,
            from: previousStatus,
            to: newStatus,
            plan: newPlanId,
            details,
          })),
      options,
    );
  });
}

async function carryOut(subscriptionId: number, options: Options, command: RequestedCommand): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { commandSubscription } = await import('../../api/subscriptions/command-subscription.js');
    await commandSubscription(system, { companyId: system.companyId, subscriptionId, command, effectKey: null });
    printDetails(await read(system, subscriptionId), options);
  });
}

async function find(system: RunningSystem, subscriptionId: number) {
  const [{ findSubscription }, { viewSubscription }] = await Promise.all([
    import('../../api/subscriptions/command-subscription.js'),
    import('../../domain/subscriptions/row/subscription-view.js'),
  ]);
  const row = await findSubscription(system, { companyId: system.companyId, subscriptionId });

  return { row, view: viewSubscription(row) };
}

async function read(system: RunningSystem, id: number): Promise<Record<string, unknown>> {
  return (await find(system, id)).view;
}

export function wholeNumber(text: string): number {
  const value = Number(text);

  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number above 0.');
  }

  return value;
}
