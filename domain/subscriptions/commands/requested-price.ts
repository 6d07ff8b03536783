import type { TenantSql } from '../../../platform/db/database';
import type { BillingCycle } from '../../calendar/billing-period-rules';
import type { BillingPeriod } from '../../catalogue/addons/addon-row';
import { noPriceIn } from '../../catalogue/currency-price-rules';
import { findCurrentPrice, findPrices } from '../../catalogue/price-versions/list-price-versions';
import type { Priced, PriceVersionRow } from '../../catalogue/price-versions/price-version-row';
import { AppError } from '../../errors';
import { cycleOfPeriod } from '../lifecycle/addon-rules';
import type { BilledStretch, SubscriptionCommand } from '../lifecycle/decision-types';
import { ifInclusive, nameOf, planOf } from '../lifecycle/item-rules';
import { dependsOnBilled } from '../lifecycle/plan-change-policy-rules';
import type { AddonItem, ItemKey, PlanItem } from '../lifecycle/subscription-types';
import type { LoadedSubscription } from '../row/lock-subscription';
import type { SubscriptionBooks } from '../steps/subscription-books';
import { ownedAddon } from './addon-change-decider';
import { requireAgreedByPeriod } from './price-change-decider';
import type { RequestedCommand } from './subscription-command-schema';

type ChangePrice = Extract<SubscriptionCommand, { type: 'change_price' }>;

/**
 * The price that a request names, of the plan or of an add-on, as its item would have it. What it pays for usage, its term
 * and its setup fee stay as they were agreed on.
 * @throws AppError not_found on /addonId or /priceId, subscription_state, price_not_in_currency, validation_failed
 */
export async function priceChangeOf(
  tx: TenantSql,
  loaded: LoadedSubscription,
  { priceId, addonId, ...asked }: Extract<RequestedCommand, { type: 'change_price' }>,
  books: Pick<SubscriptionBooks, 'billed'>,
): Promise<ChangePrice> {
  const { state } = loaded;
  const named = addonId ?? null;
  const item = named === null ? planOf(state) : ownedAddon(state, named);
  requireAgreedByPeriod(state, item);
  const of: Priced = 'planId' in item.terms ? { planId: item.terms.planId } : { addonId: item.terms.addonId };
  const price = await readPrice(tx, of, { priceId, currency: state.currency, name: nameOf(item) });
  const billed = asked.immediate ? await billedOf(loaded, books, item.key) : null;

  return { ...asked, to: termsAt(item, price), currency: price.currency, priceId: price.id, billed };
}

async function readPrice(
  tx: TenantSql,
  of: Priced,
  { priceId, currency, name }: { priceId: number | null; currency: string; name: string },
): Promise<PriceVersionRow> {
  const [price] = priceId === null ? [await findCurrentPrice(tx, of, currency)] : await findPrices(tx, of, [priceId]);

  if (price != null) {
    return price;
  }

  if (priceId === null) {
    throw noPriceIn(name, currency, '/priceId');
  }
  throw new AppError('not_found', {
    field: '/priceId',
    detail: `${'planId' in of ? 'Plan' : 'Add-on'} ${name} has no price ${priceId}.`,
  });
}

function termsAt(item: PlanItem | AddonItem, price: PriceVersionRow): ChangePrice['to'] {
  const { meters } = item.terms;
  const agreed = {
    amount: price.price,
    ...ifInclusive(price.agreedTaxBehavior),
    ...(meters === undefined ? {} : { meters }),
  };

  if (item.key === 'plan') {
    const { planId, planName } = item.terms;

    return {
      item: item.key,
      terms: { planId, planName, ...agreed, billingCycle: price.billingCycle as BillingCycle },
    };
  }
  const { addonId, addonKey, addonName, termPeriods, setupFee } = item.terms;
  const billingCycle = requirePriceOfPeriods(price);
  const kept = {
    ...(termPeriods === undefined ? {} : { termPeriods }),
    ...(setupFee === undefined ? {} : { setupFee }),
  };

  return { item: item.key, terms: { addonId, addonKey, addonName, ...agreed, billingCycle, ...kept } };
}

/**
 * The cycle of a price that an add-on may be moved to.
 * @throws AppError validation_failed on /priceId for one that is paid once: nobody is moved to it
 */
export function requirePriceOfPeriods({ billingCycle }: Pick<PriceVersionRow, 'billingCycle'>): BillingCycle {
  const cycle = cycleOfPeriod(billingCycle as BillingPeriod);

  if (cycle === null) {
    throw new AppError('validation_failed', {
      field: '/priceId',
      detail: 'priceId: That price is paid once, and takes the place of none that is paid by the period.',
    });
  }

  return cycle;
}

/** What is billed of an item from now on, where a change depends on it; else null. */
export async function billedOf(
  loaded: LoadedSubscription,
  books: Pick<SubscriptionBooks, 'billed'>,
  item: ItemKey,
  at = loaded.now.getTime(),
): Promise<readonly BilledStretch[] | null> {
  return dependsOnBilled(loaded.policy.change) ? books.billed(item, at) : null;
}
