import { type BilledLine } from '../../billing/credit-notes/credit-line-rules';
import { isLeftOut } from '../../billing/invoices/draft-subscription-invoice';
import { type LineBasis, makeBasis, toServiceLine } from '../../billing/pricing/line-basis';
import {
  type Adjustment,
  type ChargeLine,
  priceLines,
  sumLines,
  takenByPromotions,
} from '../../billing/pricing/pricer-rules';
import { taxesOver } from '../../billing/pricing/taxes-over-rules';
import { serviceAmount, shareOfPeriod, shownShare } from '../../billing/pricing/proration-rules';
import { addRatios, ONE, type Ratio, ZERO } from '../../money/ratio-rules';
import { taxPointAt } from '../../billing/taxes/tax-point-calendar';
import { categoryOf, chargeOf, combinedRate, noTaxation } from '../../billing/taxes/tax-rules';
import type { Taxation, TaxOfLine } from '../../billing/taxes/tax-types';
import type { Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import { type Deadline, dueDeadline } from '../schedule/subscription-deadline-rules';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import type { Decision, EffectOf, SubscriptionEffect } from '../lifecycle/decision-types';
import { withAllToBill } from '../lifecycle/decision-rules';
import { decideDue } from '../lifecycle/due-decider';
import { discountAdjustments, withDiscountsGivenBack, withDiscountsTaken } from '../charges/discount-rules';
import { billedOn, creditOn, moveEndOn, reverseOn } from './forecast-charges';
import type { Charge, Forecast, ForecastLine, UsageForecast } from './forecast-types';
import { earlyOn, nothingUsed, type SoldUsage, usedOf, withoutBilled } from './forecast-usage';
import { addonsOf, guardedItemOf, isForInstant, planOf, taxBehaviorOf } from '../lifecycle/item-rules';
import { type Beginning, decideStart } from '../lifecycle/start-decider';
import { isLeftOutWhenEmpty, keptDraft, withInvoice } from '../lifecycle/subscription-invoice-rules';
import { dependsOnBilled } from '../lifecycle/plan-change-policy-rules';
import { isoOf } from '../lifecycle/telling-rules';
import {
  type AddonItem,
  type CollectionBehavior,
  type InvoiceRole,
  type IssueLine,
  type Subscription,
  type SubscriptionPolicy,
} from '../lifecycle/subscription-types';

/** The most lines that one forecast holds: three years of days. */
const mostLines = 1_100;

/**
 * What a new subscription begins with.
 * @throws AppError invalid_date_sequence when its term ends before it begins
 */
export function forecastStart(
  fresh: Subscription,
  { taxation = noTaxation, ...beginning }: Beginning & { taxation?: Taxation },
  settings: Settings,
  now: number,
): Forecast {
  const decision = decideStart(fresh, beginning, subscriptionPolicy(settings), now);

  return follow({ ...forecastFrom(fresh, taxation), lines: trialOf(decision.state, now) }, decision, settings, now);
}

/** A forecast that begins where a subscription stands. */
export function forecastFrom(
  state: Subscription,
  taxation: Taxation = noTaxation,
  {
    usage = nothingUsed,
    charges = [],
    unitsReturned = new Map<string, Ratio>(),
  }: {
    usage?: UsageForecast;
    /** What is billed already. */
    charges?: readonly Charge[];
    unitsReturned?: ReadonlyMap<string, Ratio>;
  } = {},
): Forecast {
  return { state: asPaid(state), lines: [], usage, charges, unitsReturned, taxation };
}

/**
 * What time brings about until an instant, that included: decided by the rules that will decide it then. Everything that
 * is asked for is taken to be paid, and nothing to be changed by anybody.
 * @throws AppError invalid_date_sequence when `until` lies before `from`, validation_failed when there is too much of it
 */
export function forecastUntil(
  forecast: Forecast,
  settings: Settings,
  { from, until }: { from: number; until: number },
): Forecast {
  if (until < from) {
    throw new AppError('invalid_date_sequence', { field: 'until', detail: `It lies before ${isoOf(from)}.` });
  }
  const policy = subscriptionPolicy(settings);
  let seen = forecast;
  let at = -Infinity;
  let hasResumed = false;

  for (;;) {
    // Nothing was billed early while collection was paused: usage is looked at after all that is due where it goes on.
    const next = dueDeadline(seen.state, hasResumed ? at : until);

    if (next === null && !hasResumed) {
      return seen;
    }
    const wasPaused = seen.state.collectionPause !== null;
    // What another brings about may have been due before it: the invoice ahead of a boundary, where collection goes on.
    at = Math.max(at, next?.at ?? at);
    const decision = next === null ? earlyOn(seen, policy, at) : decideNext(seen, next, policy, at);
    seen = decision === null ? seen : follow(seen, decision, settings, at);
    hasResumed = next !== null && (hasResumed || (wasPaused && seen.state.collectionPause === null));

    if (seen.lines.length > mostLines) {
      throw new AppError('validation_failed', { field: 'until', detail: `That is more than ${mostLines} lines.` });
    }
  }
}

function decideNext(forecast: Forecast, next: Deadline, policy: SubscriptionPolicy, at: number): Decision | null {
  const measured = next.kind === 'price_change' && dependsOnBilled(policy.change) ? next.change.item : null;

  return decideDue(forecast.state, policy, at, measured === null ? null : billedOn(forecast, measured, at));
}

/** How many periods the charges are together, each as it is shown. */
export function periodsBilled({ lines }: Forecast): Ratio {
  return lines
    .filter(({ kind, uncollected, isSetup }) => kind === 'charge' && uncollected !== 'void' && isSetup !== true)
    .reduce((sum, { share }) => addRatios(sum, shownShare(share)), ZERO);
}

/** Carries the effects of a decision out on paper. */
export function follow(forecast: Forecast, decided: Decision, settings: Settings, at: number): Forecast {
  const decision = withAllToBill(forecast.state, decided, settings, at);
  const begun = { ...forecast, state: decision.state };
  const after = decision.effects.reduce((seen, effect) => write(seen, effect, settings, at), begun);

  return { ...after, state: asPaid(after.state) };
}

function write(forecast: Forecast, effect: SubscriptionEffect, settings: Settings, at: number): Forecast {
  switch (effect.type) {
    case 'issue':
      return issue(forecast, effect, settings, at);
    case 'credit':
      return creditOn(forecast, effect, at);
    case 'move_end':
      return moveEndOn(forecast, effect);
    case 'number_draft':
      return numbered(forecast, effect);
    case 'reverse':
      return reverseOn(
        { ...forecast, state: withDiscountsGivenBack(forecast.state, effect.invoiceId) },
        effect.invoiceId,
      );
    default:
      return forecast;
  }
}

/** A draft is due from here on. */
function numbered(forecast: Forecast, { invoiceId, dueAt }: EffectOf<'number_draft'>): Forecast {
  return {
    ...forecast,
    lines: forecast.lines.map((line) => (line.invoiceId === invoiceId ? { ...line, dueAt } : line)),
  };
}

function used(forecast: Forecast, line: ForecastLine): Forecast {
  return { ...forecast, lines: [...forecast.lines, line] };
}

type Source = { line: IssueLine; basis: LineBasis; taxes: readonly TaxOfLine[] } | SoldUsage['source'];

/** Its lines together, as the invoice will: discounts and each tax are rounded once and spread over them (D4). */
function issue(forecast: Forecast, effect: EffectOf<'issue'>, settings: Settings, at: number): Forecast {
  const { as } = effect;
  const { taxation, state } = forecast;
  const on = taxPointAt(at, taxation, settings);
  const service = effect.lines.map((line) => {
    const basis = makeBasis({ ...line, isOnce: isForInstant(line) }, settings, state.timeZone);
    const charge = chargeOf(
      {
        amount: serviceAmount(toServiceLine(basis)),
        taxCategory: categoryOf(taxation, line.terms),
        taxBehavior: taxBehaviorOf(line),
      },
      on,
    );

    return { ...charge, source: { line, basis, taxes: charge.taxes } };
  });
  const sold: ChargeLine<Source>[] = [...service, ...usedOf(forecast, effect, on)];
  const adjustments: Adjustment<Source>[] = discountAdjustments(
    state,
    service.map(({ source }) => source),
    {
      timing: settings.discountTiming,
      lineOf: ({ line: { terms, layer, isSetup }, basis }) => ({ terms, layer, isSetup, basis }),
    },
  );
  const taxes = taxesOver(
    sold.map(({ source }) => source),
    (source) => source.taxes,
  );
  const priced = priceLines(sold, adjustments, taxes);
  const sums = sumLines(priced);
  // What comes to nothing is paid, whoever is asked for others.
  const uncollected = sums.total === 0n ? null : (effect.uncollected ?? null);
  const dueAt = uncollected === null ? effect.dueAt : null;
  // Each has an id of its own, below those of the database: several may be ahead of their boundaries at once.
  const invoiceId = -(forecast.lines.length + priced.length);
  const isIssued = !isLeftOut(sums, { isLeftOutWhenEmpty: isLeftOutWhenEmpty(as), settings });
  const billed = priced.reduce(
    (seen, { source, ...line }) =>
      'line' in source
        ? charge(seen, { ...line, source, dueAt, uncollected, invoiceId, isIssued }, at)
        : used(seen, { ...source, ...line, kind: 'usage', at, dueAt, uncollected, invoiceId, isIssued }),
    { ...forecast, usage: withoutBilled(forecast.usage, effect) },
  );
  const taken = takenByPromotions(
    priced.flatMap((line) => line.adjustments),
    'shown',
  );

  if (uncollected !== null) {
    return uncollectedOnPaper(billed, { invoiceId, as, uncollected, taken });
  }
  const invoice = { invoiceId, startsAt: null, dueAt: effect.dueAt, isUnpaid: false };

  return {
    ...billed,
    state: withDiscountsTaken(withInvoice(billed.state, invoice, as), invoiceId, taken),
  };
}

/** Nothing waits for an invoice that nobody is asked for; one that is void has taken no discount. */
function uncollectedOnPaper(
  forecast: Forecast,
  {
    invoiceId,
    as,
    uncollected,
    taken,
  }: {
    invoiceId: number;
    as: InvoiceRole;
    uncollected: CollectionBehavior;
    taken: Parameters<typeof withDiscountsTaken>[2];
  },
): Forecast {
  const { state } = forecast;

  if (uncollected === 'void') {
    return forecast;
  }
  const draft = keptDraft(invoiceId, null, as);
  const drafts = uncollected === 'keep_as_draft' ? [...state.drafts, draft] : state.drafts;

  return { ...forecast, state: withDiscountsTaken({ ...state, drafts }, invoiceId, taken) };
}

function charge(
  forecast: Forecast,
  issued: Pick<ForecastLine, 'amount' | 'discount' | 'tax' | 'dueAt' | 'uncollected' | 'isIssued'> & {
    invoiceId: number;
    source: { line: IssueLine; basis: LineBasis; taxes: readonly TaxOfLine[] };
  },
  at: number,
): Forecast {
  const { source, amount, discount, tax, dueAt, uncollected, invoiceId, isIssued } = issued;
  const { basis } = source;
  const { terms, quantity, service, denominator, isSetup } = source.line;
  const made = toServiceLine(basis);
  const share = shareOfPeriod(made.service, made.denominator, made.proration);
  const line: ForecastLine = {
    kind: 'charge',
    at,
    dueAt,
    service,
    denominator,
    terms,
    isSetup,
    quantity,
    unitPrice: basis.price,
    taxBehavior: taxBehaviorOf(source.line),
    share,
    amount,
    discount,
    tax,
    uncollected,
    invoiceId,
    isIssued,
  };

  if (uncollected === 'void') {
    return { ...forecast, lines: [...forecast.lines, line] };
  }
  const billed: BilledLine = {
    lineId: String(forecast.charges.length),
    amount,
    discount,
    tax,
    taxRatePpm: combinedRate(source.taxes),
    taxBehavior: taxBehaviorOf(source.line),
    discountTiming: basis.discountTiming,
    credited: { amount: 0n, discount: 0n, tax: 0n },
  };

  return {
    ...forecast,
    lines: [...forecast.lines, line],
    charges: [
      ...forecast.charges,
      {
        item: guardedItemOf(source.line),
        layer: source.line.layer,
        price: basis.price * basis.quantity,
        invoiceId,
        source: line,
        basis,
        billed,
        startsAt: service.startsAt,
        endsAt: service.endsAt,
      },
    ],
  };
}

/** A trial costs nothing until it ends. */
function trialOf(state: Subscription, now: number): ForecastLine[] {
  if (state.status !== 'trial' || state.trialEnd === null) {
    return [];
  }
  const service = { startsAt: now, endsAt: state.trialEnd };

  return [
    {
      kind: 'trial',
      at: now,
      dueAt: null,
      service,
      denominator: service,
      terms: planOf(state).terms,
      quantity: planOf(state).quantity,
      unitPrice: 0,
      taxBehavior: taxBehaviorOf(planOf(state)),
      share: ONE,
      amount: 0n,
      discount: 0n,
      tax: 0n,
      uncollected: null,
      invoiceId: null,
      isIssued: false,
    },
  ];
}

/** Everything asked for so far is taken to be paid: of its invoices, only the one of the next period still matters. */
function asPaid(state: Subscription): Subscription {
  const addons = addonsOf(state).map((item): AddonItem =>
    item.status === 'pending' && state.status !== 'scheduled'
      ? { ...item, status: 'active', activatedAt: item.purchasedAt, awaitsPlan: false }
      : item,
  );

  return {
    ...state,
    items: [planOf(state), ...addons],
    status: state.status === 'past_due' ? 'active' : state.status,
    invoices: state.invoices.flatMap((one) => (one.role === 'ahead' ? [{ ...one, unpaid: null }] : [])),
    dunning: [],
  };
}
