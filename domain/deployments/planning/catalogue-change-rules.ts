import type { IntentAddon, IntentPlan, IntentPromotion } from '../../intents/intent-types';
import { formatMoney } from '../../money/currency-rules';
import type { AddonChange, PlanChange, PromotionChange } from './switch-plan-types';

/** In minor units. */
export interface KnownPrice {
  price: number;
  currency: string;
}

/** Plans of the company. */
export interface KnownPlan {
  id: number;
  name: string;
  /** In each currency; those that have phases, or their own way of tax, are none that could be asked for. */
  prices: readonly KnownPrice[];
  billingCycle: string;
  trialDays: number;
  /** It is sold as it stands: active, and in the standard category of taxes. */
  isPlain: boolean;
}

export interface KnownAddon {
  id: number;
  key: string;
  name: string;
  prices: readonly KnownPrice[];
  billingPeriod: string;
  isPlain: boolean;
}

export interface KnownPromotion {
  id: number;
  name: string;
  /** In capitals. */
  codes: readonly string[];
  ratePpm: number | null;
  amount: number | null;
  currency: string | null;
  periods: number | null;
  /** Active, for everything, at any time, for everybody, and staying for `periods` or for ever. */
  isPlain: boolean;
}

export interface KnownCatalogue {
  plans: readonly KnownPlan[];
  addons: readonly KnownAddon[];
  promotions: readonly KnownPromotion[];
}

const cycleWords = { monthly: 'tháng', yearly: 'năm' } as const;
const freePlanName = 'Miễn phí';
const ppmOfPercent = 10_000;

/**
 * Plans that are asked for: an equal one that is sold is reused; one that is there with another price is never repriced, so
 * another is made beside it, under a name that is free.
 */
export function changedPlans(asked: readonly IntentPlan[], known: readonly KnownPlan[]): PlanChange[] {
  const taken = new Set(known.map(({ name }) => fold(name)));
  const reused = new Set<number>();

  return distinct(asked, planKey).map((plan) => {
    const { price, currency, billingCycle, unit } = plan;
    const found = known.find((one) => !reused.has(one.id) && isSamePlan(plan, one));
    const terms = { price, currency, billingCycle, unit };

    if (found !== undefined) {
      reused.add(found.id);

      return { action: 'reuse', id: found.id, name: found.name, ...terms, trialDays: found.trialDays };
    }
    const wished = plan.name ?? (price === 0 ? freePlanName : nameOfPlan(plan));

    return { action: 'create', id: null, name: freeName(wished, taken), ...terms, trialDays: plan.trialDays ?? 0 };
  });
}

/** A freemium business has a plan that costs nothing (S49). @returns what has to be asked for beside what is */
export function missingFreePlan(
  asked: readonly IntentPlan[],
  known: readonly KnownPlan[],
  currency: string,
): IntentPlan[] {
  const isThere =
    asked.some(({ price }) => price === 0) ||
    known.some((one) => one.isPlain && isPricedAt(one, { price: 0, currency }));

  return isThere
    ? []
    : [{ name: freePlanName, price: 0, currency, billingCycle: 'monthly', trialDays: null, unit: null }];
}

/** `ai_assistant` and `ai-assistant` are one add-on to whoever speaks of it. */
const spokenKey = (key: string): string => key.toLowerCase().replaceAll('_', '-');

/** Add-ons likewise; what is taken is the key, however it is written. */
export function changedAddons(asked: readonly IntentAddon[], known: readonly KnownAddon[]): AddonChange[] {
  const taken = new Set(known.map(({ key }) => spokenKey(key)));

  return distinct(asked, ({ key, price, currency, billingPeriod }) =>
    [key, price, currency, billingPeriod].join(' '),
  ).map((addon) => {
    const billingPeriod = addon.billingPeriod === 'onetime' ? ('one_time' as const) : addon.billingPeriod;
    const { price, currency } = addon;
    const found = known.find(
      (one) =>
        one.isPlain &&
        spokenKey(one.key) === spokenKey(addon.key) &&
        isPricedAt(one, { price, currency }) &&
        one.billingPeriod === billingPeriod,
    );
    const terms = { price, currency, billingPeriod };

    if (found !== undefined) {
      return { action: 'reuse', id: found.id, name: found.name, key: found.key, ...terms };
    }
    const key = freeKey(addon.key, taken, '-');

    return { action: 'create', id: null, name: addon.name ?? titleOf(addon.key), key, ...terms };
  });
}

/** Promotions likewise; what is taken is the code. */
export function changedPromotions(
  asked: readonly IntentPromotion[],
  known: readonly KnownPromotion[],
): PromotionChange[] {
  const taken = new Set(known.flatMap(({ codes }) => codes));

  return distinct(asked, (one) => JSON.stringify(one)).map((promotion) => {
    const { amountOff: amount, periods } = promotion;
    const currency = amount === null ? null : promotion.currency;
    const ratePpm = promotion.percentOff === null ? null : Math.round(promotion.percentOff * ppmOfPercent);
    const code = promotion.code?.toUpperCase() ?? null;
    const found = known.find(
      (one) =>
        one.isPlain &&
        one.ratePpm === ratePpm &&
        one.amount === amount &&
        one.currency === currency &&
        one.periods === periods &&
        (code === null ? one.codes.length > 0 : one.codes.includes(code)),
    );
    const terms = { ratePpm, amount, currency, periods };

    if (found !== undefined) {
      return { action: 'reuse', id: found.id, name: found.name, code: code ?? found.codes[0] ?? '', ...terms };
    }
    const off = amount === null ? `${promotion.percentOff}%` : formatMoney(amount, currency ?? '');

    return {
      action: 'create',
      id: null,
      name: `Giảm ${off}`,
      code: freeKey(code ?? codeOf(promotion), taken, '-'),
      ...terms,
    };
  });
}

const planKey = ({ name, price, currency, billingCycle, trialDays }: IntentPlan): string =>
  JSON.stringify([name === null ? null : fold(name), price, currency, billingCycle, trialDays]);

function isSamePlan(asked: IntentPlan, known: KnownPlan): boolean {
  return (
    known.isPlain &&
    isPricedAt(known, asked) &&
    known.billingCycle === asked.billingCycle &&
    (asked.trialDays === null || known.trialDays === asked.trialDays) &&
    (asked.name === null || fold(known.name) === fold(asked.name))
  );
}

/** Whether it costs that in the currency, which need not be its own. */
const isPricedAt = ({ prices }: { prices: readonly KnownPrice[] }, { price, currency }: KnownPrice): boolean =>
  prices.some((one) => one.price === price && one.currency === currency);

const nameOfPlan = ({ price, currency, billingCycle, unit }: IntentPlan): string =>
  `Gói ${formatMoney(price, currency)}/${unit === 'seat' ? 'người/' : ''}${cycleWords[billingCycle]}`;

const codeOf = ({ percentOff, amountOff, currency }: IntentPromotion): string =>
  percentOff === null ? `GIAM-${amountOff}-${currency}` : `GIAM-${String(percentOff).replace('.', '-')}`;

/** `ai-assistant` → `Ai assistant`. */
const titleOf = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1).replaceAll('-', ' ');

const fold = (name: string): string => name.normalize('NFC').toLowerCase();

/** The wish, or the wish with the first number that makes it free; takes it. */
function freeName(wish: string, taken: Set<string>): string {
  for (let nth = 1; ; nth += 1) {
    const name = nth === 1 ? wish : `${wish} (${nth})`;

    if (!taken.has(fold(name))) {
      taken.add(fold(name));

      return name;
    }
  }
}

function freeKey(wish: string, taken: Set<string>, separator: string): string {
  for (let nth = 1; ; nth += 1) {
    const key = nth === 1 ? wish : `${wish}${separator}${nth}`;

    if (!taken.has(key)) {
      taken.add(key);

      return key;
    }
  }
}

/** Asked for twice is asked for once. */
function distinct<One>(ones: readonly One[], keyOf: (one: One) => string): One[] {
  return [...new Map([...ones].reverse().map((one) => [keyOf(one), one] as const)).values()].reverse();
}
