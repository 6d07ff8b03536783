import { type Command, InvalidArgumentError } from 'commander';

import type { SubscriptionCommandType } from '../../domain/subscriptions/commands/subscription-command-schema';
import { rowId } from '../../domain/field-schema';
import { numberOrWord } from '../number-or-word';
import { printDetails, printResult } from '../print-result';
import { withRunningSystem } from '../with-running-system';
import { findSubscription } from './find-subscription';
import { showBalance } from './show-balance';
import { addCreateCommand } from './subscription-create';

interface Options {
  company?: string;
  json?: boolean;
}

/** `bmms subscription …`: what the API does, from a terminal, on the system that runs. */
export function addSubscriptionCommand(program: Command): void {
  const subscription = program.command('subscription').description('subscriptions of the system that runs');
  const command = commandsOf(subscription);

  addCreateCommand(subscription);
  command('show', 'where it stands').action((id: number, options: Options) => show(id, options));
  command('history', 'what has happened to it, newest first').action((id: number, options: Options) =>
    history(id, options),
  );
  command('usage', 'what was used so far and will be billed').action((id: number, options: Options) =>
    showUsage(id, options),
  );
  command('cancel', 'cancel it at the end of its period')
    .option('--now', 'at once')
    .option('--reason <text>', 'kept with it')
    .option(...creditOption)
    .action((id: number, options: Options & { now?: boolean; reason?: string; creditUnused?: string }) =>
      carryOut(id, options, 'cancel', {
        reason: options.reason,
        cancelAtPeriodEnd: options.now === true ? false : undefined,
        creditUnused: options.creditUnused,
      }),
    );
  command('pause', 'pause it at once')
    .option('--at-period-end', 'at the end of its period')
    .option('--reason <text>', 'kept with it')
    .option(...creditOption)
    .action((id: number, options: Options & { atPeriodEnd?: boolean; reason?: string; creditUnused?: string }) =>
      carryOut(id, options, 'pause', {
        reason: options.reason,
        atPeriodEnd: options.atPeriodEnd,
        creditUnused: options.creditUnused,
      }),
    );
  command('resume', 'resume it')
    .option(...prorationOption)
    .action((id: number, options: Options & ProrationWords) =>
      carryOut(id, options, 'resume', { prorationBehavior: options.proration }),
    );
  command('reactivate', 'take back a cancellation for the end of its period').action((id: number, options: Options) =>
    carryOut(id, options, 'reactivate'),
  );
  command('cancel-change', 'take back one change that waits')
    .requiredOption('--change <id>', 'of the change', numberOrWord)
    .action((id: number, options: Options & { change: number | string }) =>
      carryOut(id, options, 'cancel_change', { changeId: options.change }),
    );
  command('payment-terms', 'set after how many days invoices that are sent are due')
    .option('--days <number>', 'left out: those of its customer, or of the company', numberOrWord)
    .action((id: number, options: Options & { days?: number | string }) =>
      carryOut(id, options, 'set_payment_terms', { daysUntilDue: options.days ?? null }),
    );
  command('change-price', 'give it another price of its plan, or of an add-on, at the renewal of that')
    .option('--addon <id>', 'id of the add-on (default: its plan)', numberOrWord)
    .option('--price <id>', 'of the plan or add-on (default: the one of today)', numberOrWord)
    .option('--now', 'at once')
    .option('--notice-days <number>', 'days that the customer is told ahead', numberOrWord)
    .option(...prorationOption)
    .action((id: number, options: Options & PriceWords) =>
      carryOut(id, options, 'change_price', {
        addonId: options.addon,
        priceId: options.price,
        immediate: options.now,
        noticeDays: options.noticeDays,
        prorationBehavior: options.proration,
      }),
    );
  command('phases', 'set what it is to cost, and its seats, in periods to come')
    .option(
      '--phase <after:price:seats>',
      'from the end of so many periods on; once for each, none: as it is',
      readPhase,
    )
    .action((id: number, options: Options & { phase?: object[] }) =>
      carryOut(id, options, 'set_phases', { phases: options.phase ?? [] }),
    );
  command('usage-threshold', 'set the price of unbilled usage at which it is invoiced at once')
    .option('--amount <number>', 'minor units; 0: never; left out: as the company has it', numberOrWord)
    .action((id: number, options: Options & { amount?: number | string }) =>
      carryOut(id, options, 'set_usage_threshold', { usageThreshold: options.amount ?? null }),
    );
  command('trial', 'extend, shorten or end its trial')
    .requiredOption('--end <when>', 'a day, as 2025-11-09, an instant with its offset, or now')
    .action((id: number, { end, ...options }: Options & { end: string }) =>
      carryOut(id, options, 'change_trial', { trialEnd: end }),
    );
  command('pause-collection', 'go on with service and billing, and ask nobody to pay')
    .requiredOption('--behavior <name>', 'of invoices meanwhile: keep_as_draft, mark_uncollectible or void')
    .option('--until <when>', 'a day, as 2025-11-09, or an instant with its offset; left out: until it is resumed')
    .action((id: number, { behavior, until, ...options }: Options & { behavior: string; until?: string }) =>
      carryOut(id, options, 'pause_collection', { behavior, resumesAt: until ?? null }),
    );
  command('resume-collection', 'ask for what is billed again').action((id: number, options: Options) =>
    carryOut(id, options, 'resume_collection'),
  );
  addAddonsCommand(subscription.command('addons').description('what it has on top of its plan'));
  addPromotionCommand(subscription.command('promotion').description('promotions that are taken off its invoices'));
  command('change-plan', 'change its plan or quantity, as the company has set it')
    .option('--plan <id>', 'the new plan', numberOrWord)
    .option('--quantity <number>', 'the new number of seats', numberOrWord)
    .option('--now', 'at once, prorated')
    .option('--at-period-end', 'at the end of its period')
    .option(...prorationOption)
    .action((id: number, options: Options & ChangeWords) => carryOut(id, options, 'change_plan', changeOf(options)));
}

const creditOption = ['--credit-unused <choice>', 'what is billed and not used: none or prorate'] as const;
export const prorationOption = [
  '--proration <behavior>',
  'what it costs and gives back: always_invoice, next_invoice or none',
] as const;

export interface ProrationWords {
  proration?: string;
}

/** Makes commands about one subscription below another command. */
const commandsOf =
  (parent: Command) =>
  (name: string, description: string): Command =>
    parent
      .command(name)
      .description(description)
      .argument('<id>', 'of the subscription', wholeNumber)
      .option('--company <slug>', 'company it belongs to (default: DEFAULT_COMPANY)')
      .option('--json', 'print JSON');

/** `bmms subscription addons …` */
function addAddonsCommand(addons: Command): void {
  const command = commandsOf(addons);

  command('list', 'those that it has').action((id: number, options: Options) => listAddons(id, options));
  command('balance', 'what is left of the units that its customer bought ahead')
    .option('--meter <code>', 'of one meter')
    .option('--all', 'also of what has expired or was removed')
    .action((id: number, options: Options & { meter?: string; all?: boolean }) => showBalance(id, options));
  command('buy', 'buy add-ons and top-ups, all on one invoice')
    .requiredOption('--key <key...>', 'of the add-ons')
    .option('--quantity <number>', 'of each', numberOrWord)
    .option(...prorationOption)
    .action((id: number, options: Options & ProrationWords & { key: string[]; quantity?: number | string }) =>
      carryOut(id, options, 'add_addons', {
        addonKeys: options.key,
        quantity: options.quantity,
        prorationBehavior: options.proration,
      }),
    );
  command('remove', 'remove one at the end of its period')
    .requiredOption('--addon <id>', 'of what is sold', numberOrWord)
    .option('--now', 'at once')
    .option(...creditOption)
    .option(...prorationOption)
    .action((id: number, options: Options & RemovalWords) =>
      carryOut(id, options, 'remove_addon', {
        addonId: options.addon,
        atPeriodEnd: options.now === true ? false : undefined,
        creditUnused: options.creditUnused,
        prorationBehavior: options.proration,
      }),
    );
  command('change', 'change how many there are, as the company has set it')
    .requiredOption('--addon <id>', 'of what is sold', numberOrWord)
    .requiredOption('--quantity <number>', 'the new number', numberOrWord)
    .option('--now', 'at once, prorated')
    .option('--at-period-end', 'at the end of its period')
    .option(...prorationOption)
    .action((id: number, { addon, quantity, ...options }: Options & ChangeWords & { addon: number | string }) =>
      carryOut(id, options, 'change_addon', {
        addonId: addon,
        quantity,
        immediate: immediateOf(options),
        prorationBehavior: options.proration,
      }),
    );
}

/** `bmms subscription promotion …` */
function addPromotionCommand(promotion: Command): void {
  const command = commandsOf(promotion);

  command('list', 'those that it has').action((id: number, options: Options) => listDiscounts(id, options));
  command('apply', 'apply one, from the next invoice on')
    .requiredOption('--code <code>', 'of the promotion')
    .action((id: number, { code, ...options }: Options & { code: string }) =>
      carryOut(id, options, 'apply_promotion', { promotionCode: code }),
    );
  command('remove', 'take one off again, from the next invoice on')
    .requiredOption('--code <code>', 'of the promotion')
    .action((id: number, { code, ...options }: Options & { code: string }) =>
      carryOut(id, options, 'remove_promotion', { promotionCode: code }),
    );
}

async function listDiscounts(id: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { discounts } = (await findSubscription(system, id)).view;
    printResult(
      options.json === true
        ? discounts
        : discounts.map(({ code, duration, appliedAt, endsAt, amountLeft, isOver }) => ({
            code,
            duration: duration.kind,
            appliedAt,
            endsAt,
            amountLeft,
            isOver,
          })),
      options,
    );
  });
}

async function showUsage(id: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async ({ database, companyId, clock }) => {
    const { readSubscriptionUsage } = await import('../../domain/subscriptions/paper/current-usage.js');
    const { usage } = await database.withTenantSnapshot(companyId, (tx) =>
      readSubscriptionUsage(tx, { subscriptionId: id, now: clock.now() }),
    );
    printResult(
      options.json === true
        ? usage
        : usage.map(({ itemName, meter, quantity, dueAmount, isLate, from, to }) => ({
            itemName,
            meter,
            quantity,
            dueAmount,
            isLate,
            from,
            to,
          })),
      options,
    );
  });
}

async function listAddons(id: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { addons } = (await findSubscription(system, id)).view;
    printResult(
      options.json === true
        ? addons
        : addons.map(({ addonId, key, quantity, price, status, currentPeriodEnd, expiresAt }) => ({
            addonId,
            key,
            quantity,
            price,
            status,
            currentPeriodEnd,
            expiresAt,
          })),
      options,
    );
  });
}

/** `12:120000` or `12:120000:5`; `12::5` leaves the price as it is. What is no number is left to the schema to refuse. */
function readPhase(word: string, before: object[] = []): object[] {
  const [afterPeriods = '', price = '', quantity = ''] = word.split(':');
  const orNull = (part: string) => (part === '' ? null : numberOrWord(part));

  return [...before, { afterPeriods: numberOrWord(afterPeriods), price: orNull(price), quantity: orNull(quantity) }];
}

interface PriceWords extends ProrationWords {
  addon?: number | string;
  price?: number | string;
  now?: boolean;
  noticeDays?: number | string;
}

interface RemovalWords extends ProrationWords {
  addon: number | string;
  now?: boolean;
  creditUnused?: string;
}

interface ChangeWords extends ProrationWords {
  plan?: number | string;
  quantity?: number | string;
  now?: boolean;
  atPeriodEnd?: boolean;
}

function changeOf({ plan, quantity, now, atPeriodEnd, proration }: ChangeWords): object {
  if (plan === undefined && quantity === undefined) {
    throw new Error('Name a plan with --plan or a number of seats with --quantity.');
  }

  return { newPlanId: plan, quantity, immediate: immediateOf({ now, atPeriodEnd }), prorationBehavior: proration };
}

/** undefined: as the company has it. */
function immediateOf({ now, atPeriodEnd }: Pick<ChangeWords, 'now' | 'atPeriodEnd'>): boolean | undefined {
  if (now === true && atPeriodEnd === true) {
    throw new Error('--now and --at-period-end exclude each other.');
  }

  return now === true ? true : atPeriodEnd === true ? false : undefined;
}

async function show(id: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) =>
    printDetails((await findSubscription(system, id)).view, options),
  );
}

async function history(subscriptionId: number, options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { listHistory, viewHistory } = await import('../../domain/subscriptions/row/read-subscriptions.js');
    const { row } = await findSubscription(system, subscriptionId);
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

/** Words of a terminal are read as bodies of requests are. @throws AppError validation_failed, before anything is opened */
async function carryOut(
  subscriptionId: number,
  options: Options,
  type: SubscriptionCommandType,
  words: object = {},
): Promise<void> {
  const { parseSubscriptionCommand } =
    await import('../../domain/subscriptions/commands/subscription-command-schema.js');
  const command = parseSubscriptionCommand(type, words);
  await withRunningSystem(options.company, async (system) => {
    const { commandSubscription } = await import('../../api/subscriptions/command-subscription.js');
    await commandSubscription(system, { companyId: system.companyId, subscriptionId, command, effectKey: null });
    printDetails((await findSubscription(system, subscriptionId)).view, options);
  });
}

/** The address of a row. */
export function wholeNumber(text: string): number {
  const parsed = rowId.safeParse(numberOrWord(text));

  if (!parsed.success) {
    throw new InvalidArgumentError('It must be a whole number above 0.');
  }

  return parsed.data;
}
