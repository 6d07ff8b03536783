import type { Command } from 'commander';

import { numberOrWord } from '../number-or-word';
import { printDetails } from '../print-result';
import { withRunningSystem } from '../with-running-system';
import { findSubscription } from './find-subscription';

interface Words {
  company?: string;
  json?: boolean;
  customer: number | string;
  plan: number | string;
  currency?: string;
  quantity?: number | string;
  trial?: boolean;
  trialDays?: number | string;
  trialEnd?: string;
  addon?: string[];
  addonQuantity?: number | string;
  anchorDay?: number | string;
  startsAt?: string;
  endsAt?: string;
  method?: string;
  methodId?: number | string;
  daysUntilDue?: number | string;
  code?: string[];
}

/** `bmms subscription create`: what `POST /subscriptions` does, but for tokens of payment methods. */
export function addCreateCommand(subscription: Command): void {
  subscription
    .command('create')
    .description('subscribe a customer to a plan')
    .requiredOption('--customer <id>', 'who subscribes', numberOrWord)
    .requiredOption('--plan <id>', 'to this plan', numberOrWord)
    .option('--currency <code>', 'that it is paid in; that of the billing account')
    .option('--quantity <number>', 'of seats', numberOrWord)
    .option('--trial', 'begin with the trial of the plan')
    .option('--trial-days <number>', 'of a trial in its place; 0: none', numberOrWord)
    .option('--trial-end <when>', 'the same by its end: a day, or an instant with its offset')
    .option('--addon <key...>', 'add-ons that begin with it')
    .option('--addon-quantity <number>', 'of each add-on', numberOrWord)
    .option('--anchor-day <day>', 'of the month, that its periods begin on', numberOrWord)
    .option('--starts-at <instant>', 'when it begins, in the future or in the past')
    .option('--ends-at <instant>', 'end of a fixed term')
    .option('--method <name>', 'how its invoices are paid')
    .option('--method-id <id>', 'of a saved payment method, which is charged', numberOrWord)
    .option('--days-until-due <days>', 'in which its invoices that are sent are to be paid', numberOrWord)
    .option('--code <code...>', 'of promotions')
    .option('--company <slug>', 'company it belongs to (default: DEFAULT_COMPANY)')
    .option('--json', 'print JSON')
    .action((words: Words) => create(words));
}

/** Words of a terminal are read as bodies of requests are. @throws AppError validation_failed, before anything is opened */
async function create(words: Words): Promise<void> {
  const [{ parseInput }, { CreateSubscriptionRequest }] = await Promise.all([
    import('../../domain/input-schema.js'),
    import('../../api/subscriptions/schemas.js'),
  ]);
  const body = parseInput(CreateSubscriptionRequest, {
    customerId: words.customer,
    planId: words.plan,
    currency: words.currency,
    useTrial: words.trial,
    trialDays: words.trialDays,
    trialEnd: words.trialEnd,
    quantity: words.quantity,
    addonKeys: words.addon,
    addonQuantity: words.addonQuantity,
    billingAnchorDay: words.anchorDay,
    startsAt: words.startsAt,
    endsAt: words.endsAt,
    paymentMethod: words.method,
    paymentMethodId: words.methodId,
    daysUntilDue: words.daysUntilDue,
    promotionCodes: words.code,
  });

  await withRunningSystem(words.company, async (system) => {
    const [{ beginSubscription }, { reserveId }] = await Promise.all([
      import('../../api/subscriptions/begin-subscription.js'),
      import('../../api/http/idempotency/reserve-id.js'),
    ]);
    const subscriptionId = await reserveId(system.database, 'subscription');
    const isCreated = await beginSubscription(
      // Only tokens ask for a gateway, and there are none here.
      { ...system, gateways: new Map() },
      {
        companyId: system.companyId,
        subscriptionId,
        customerId: body.customerId as number,
        body,
        now: system.clock.now(),
      },
    );
    const shown = isCreated
      ? (await findSubscription(system, subscriptionId)).view
      : { id: subscriptionId, status: 'being created' };
    printDetails(shown, words);
  });
}
