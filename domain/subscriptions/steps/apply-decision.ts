import { creditFrom, pricedCredit, requireNoDraft } from '../../billing/credit-notes/credit-from';
import type { IssuedInvoice } from '../../billing/invoices/draft-subscription-invoice';
import { priceLines, sumLines } from '../../billing/pricing/pricer-rules';
import { taxesOver } from '../../billing/pricing/taxes-over-rules';
import { taxPointAt } from '../../billing/taxes/tax-point-calendar';
import { categoryOf, chargeOf } from '../../billing/taxes/tax-rules';
import type { DomainEvent } from '../../events/event-types';
import { toSafeNumber } from '../../money/money-rules';
import { formatExactDecimal } from '../../money/ratio-rules';
import type { NewNotice } from '../../notifications/notice-types';
import type { Decision, EffectOf, PricedTerms, SubscriptionEffect } from '../lifecycle/decision-types';
import { activateAddons } from '../lifecycle/addon-rules';
import { withAllToBill } from '../lifecycle/decision-rules';
import { withDiscountsGivenBack, withDiscountsTaken } from '../charges/discount-rules';
import { isChargedByUs } from '../lifecycle/dunning-decider';
import { isMeteredBy, lineNameOf, planOf, priceOf, setupFeeOf, taxBehaviorOf } from '../lifecycle/item-rules';
import { activate, afterSettled } from '../lifecycle/payment-decider';
import {
  invoiceAheadOf,
  keptDraft,
  roleFor,
  unpaidInvoice,
  withInvoice,
  withUnpaid,
} from '../lifecycle/subscription-invoice-rules';
import type { InvoiceRole, PendingItem, Subscription } from '../lifecycle/subscription-types';
import { isoOf, payloadOf, payloadOfInvoice, pricedOfInvoice } from '../lifecycle/telling-rules';
import type { LoadedSubscription } from '../row/lock-subscription';
import type { EnteredEffect, SubscriptionBooks } from './subscription-books';

/**
 * Carries a decision out: effects in order, then the row, in the given books. Events are told in the order in which things
 * happened.
 * @returns the state after it, which knows the invoices that were made
 * @throws AppError already_billed, charge_in_flight and what billing refuses; nothing is written then
 */
export async function applyDecision(
  books: SubscriptionBooks,
  loaded: LoadedSubscription,
  decision: Decision,
): Promise<Subscription> {
  const { state, effects } = withAllToBill(loaded.state, decision, loaded.policy, loaded.now.getTime());
  const run = new Application(books, loaded, state);

  for (const effect of effects) {
    await run.apply(effect);
  }

  return run.finish(loaded.state);
}

class Application {
  private events: DomainEvent[] = [];
  private readonly history: EffectOf<'history'>[] = [];
  private readonly notices: NewNotice[] = [];
  /** What invoices come to that have a discount, or are about more than the plan. */
  private readonly charged = new Map<number, IssuedInvoice['charge']>();

  constructor(
    private readonly books: SubscriptionBooks,
    private readonly loaded: LoadedSubscription,
    private state: Subscription,
  ) {}

  async apply(effect: SubscriptionEffect): Promise<void> {
    switch (effect.type) {
      case 'event':
        this.events.push({ type: effect.name, payload: effect.payload });
        break;
      case 'history':
        this.history.push(effect);
        break;
      case 'notice':
        this.notice(effect, this.invoiceOf(effect));
        break;
      case 'issue':
        return this.issue(effect);
      case 'collect':
        return this.collect(effect.invoiceId);
      case 'number_draft':
        await this.flush();
        return this.number(effect);
      case 'credit':
        await this.flush();
        return this.credit(effect);
      case 'expire_units':
        return this.expireUnits(effect);
      default:
        return this.enter(effect);
    }
  }

  async finish(before: Subscription): Promise<Subscription> {
    const { history, events, notices } = this;
    this.state = { ...this.state, pendingItems: await this.estimated() };
    await this.books.save(before, this.state, { history, events, notices });

    return this.state;
  }

  /** What waits to be given back, as it stands now. */
  private async estimated(): Promise<PendingItem[]> {
    const { timeZone, pendingItems } = this.state;
    const known: PendingItem[] = [];

    for (const one of pendingItems) {
      if (one.kind === 'charge' || one.amount !== null) {
        known.push(one);
        continue;
      }

      if (one.isOfUnits === true) {
        known.push({ ...one, amount: await this.books.unitsValue(one.item) });
        continue;
      }
      const from = one.service.startsAt;
      const ranges = await this.books.billed(one.item, from);
      requireNoDraft(ranges);
      const amount = ranges.reduce(
        (sum, range) => sum + pricedCredit(range.billed, creditFrom(range, { from, timeZone }).credit),
        0n,
      );
      known.push({ ...one, amount: toSafeNumber(amount) });
    }

    return known;
  }

  private async enter(effect: EnteredEffect): Promise<void> {
    if (tellsItself.includes(effect.type)) {
      await this.flush();
    }
    await this.books.enter(effect);

    if (effect.type === 'reverse') {
      this.state = withDiscountsGivenBack(this.state, effect.invoiceId);
    }
  }

  /** What the customer is told: prices as they are charged, and whether somebody has to do something for it. */
  private notice({ kind, data, of }: Omit<EffectOf<'notice'>, 'type'>, invoiceId: number | null): void {
    const charged = invoiceId === null ? undefined : this.charged.get(invoiceId);
    const { amount, setupFee } = data;
    const charge = typeof amount === 'number' ? { charge: charged ?? this.chargeFor(amount, of) } : {};
    const fees = (of ?? []).map(({ terms }) => ({ terms, amount: setupFeeOf({ terms }) }));
    const setupCharge = setupFee === undefined ? {} : { setupCharge: this.chargeOfAll(fees) };
    const isAhead = kind === 'renewal_upcoming' && isChargedByUs(this.state);
    const isMetered = (of ?? [planOf(this.state)]).some(({ terms }) => isMeteredBy(terms));
    const metered = isMetered ? { isMetered } : {};
    this.notices.push({
      kind,
      data: { ...data, ...charge, ...setupCharge, ...metered, isCharged: isAhead },
      invoiceId,
    });
  }

  /** What prices come to today, each with the taxes of what it is of; minor units. @param of absent: the plan */
  private chargeFor(amount: number, of?: readonly PricedTerms[]): IssuedInvoice['charge'] {
    return this.chargeOfAll(
      of === undefined
        ? [{ terms: planOf(this.state).terms, amount }]
        : of.map(({ terms, quantity }) => ({ terms, amount: terms.amount * quantity })),
    );
  }

  private chargeOfAll(priced: readonly (Pick<PricedTerms, 'terms'> & { amount: number })[]): IssuedInvoice['charge'] {
    const { taxation, settings, now } = this.loaded;
    const at = taxPointAt(now.getTime(), taxation, settings);
    const charges = priced.map(({ terms, amount: price }) => {
      const taxCategory = categoryOf(taxation, terms);
      const charge = chargeOf({ amount: BigInt(price), taxCategory, taxBehavior: taxBehaviorOf({ terms }) }, at);

      return { ...charge, source: charge.taxes };
    });
    const taxes = taxesOver(
      charges.map(({ source }) => source),
      (source) => source,
    );
    const { total, tax } = sumLines(priceLines(charges, [], taxes));

    return { total: toSafeNumber(total), tax: toSafeNumber(tax) };
  }

  /** The invoice that a notice speaks of; of a renewal ahead it is the one that was just issued. */
  private invoiceOf({ kind, data }: EffectOf<'notice'>): number | null {
    const { invoiceId } = data;

    if (typeof invoiceId === 'number') {
      return invoiceId;
    }

    return kind === 'renewal_upcoming' ? (invoiceAheadOf(this.state)?.invoiceId ?? null) : null;
  }

  private async issue(effect: EffectOf<'issue'>): Promise<void> {
    const told = this.events;
    this.events = [];
    const issued = await this.books.issue(this.state, effect, told);

    if (issued === null) {
      this.events = told;

      return this.follow(withoutAsking(this.state, effect.as, this.loaded.now.getTime()));
    }

    const { invoiceId, status, discounts } = issued;
    const startsAt =
      effect.lines.length === 0 ? null : Math.min(...effect.lines.map(({ service }) => service.startsAt));
    const issuedAs = { invoiceId, startsAt, dueAt: effect.dueAt, isUnpaid: status === 'open' };

    if (effect.uncollected !== undefined && status !== 'paid') {
      this.state = withDiscountsTaken(this.state, invoiceId, discounts);

      return this.leaveUncollected(effect, { invoiceId, startsAt });
    }

    if (discounts.length > 0 || effect.lines.length > 1 || effect.lines.some(({ isSetup }) => isSetup === true)) {
      this.charged.set(invoiceId, issued.charge);
    }
    this.state = withDiscountsTaken(withInvoice(this.state, issuedAs, effect.as), invoiceId, discounts);

    if (effect.as.role === 'ahead') {
      return;
    }

    const isBought = effect.as.role === 'first' || effect.purpose === 'addon';
    const isAskedFor = status === 'open' && !isChargedByUs(this.state);

    if (effect.purpose === 'usage' && isAskedFor) {
      this.notice({ kind: 'usage_invoiced', data: payloadOf(this.state) }, invoiceId);
    }

    if (isBought && isAskedFor) {
      const payBy = 'payBy' in effect.as && effect.as.payBy !== null ? isoOf(effect.as.payBy) : null;
      const { data, of } = boughtIn(effect);
      this.notice({ kind: 'invoice_issued', data: { ...payloadOf(this.state), ...data, payBy }, of }, invoiceId);
    }

    if (status !== 'paid') {
      return this.collect(invoiceId);
    }
    const settled = afterSettled(this.state, invoiceId, 'paid', this.loaded.now.getTime());

    return this.follow(issued.charge.total > 0 ? settled : withoutReceipt(settled));
  }

  /** Collection is paused: nothing waits for this invoice, and nobody is told of it. */
  private async leaveUncollected(
    { as, uncollected }: EffectOf<'issue'>,
    { invoiceId, startsAt }: { invoiceId: number; startsAt: number | null },
  ): Promise<void> {
    switch (uncollected) {
      case 'mark_uncollectible':
        return this.enter({ type: 'uncollectible', invoiceId });
      case 'void':
        return this.enter({ type: 'reverse', invoiceId, reason: 'void' });
      default:
        this.state = { ...this.state, drafts: [...this.state.drafts, keptDraft(invoiceId, startsAt, as)] };
    }
  }

  /** A draft that was kept is asked for from here on; who is charged for it is told when it is paid. */
  private async number({ invoiceId, startsAt, items, dueAt }: EffectOf<'number_draft'>): Promise<void> {
    const { status, charge } = await this.books.number({ type: 'number_draft', invoiceId, startsAt, items, dueAt });
    const isUnpaid = status === 'open';
    this.charged.set(invoiceId, charge);
    this.state = withInvoice(this.state, { invoiceId, startsAt, dueAt, isUnpaid }, roleFor(items));

    if (!isUnpaid) {
      return this.follow(afterSettled(this.state, invoiceId, 'paid', this.loaded.now.getTime()));
    }

    if (!isChargedByUs(this.state)) {
      const data = payloadOfInvoice(this.state, invoiceId);
      this.notice({ kind: 'invoice_after_pause', data, of: pricedOfInvoice(this.state, invoiceId) }, invoiceId);
    }
  }

  /** An invoice that the credit settles is no longer asked for. */
  private async credit(effect: EffectOf<'credit'>): Promise<void> {
    const notes = await this.books.credit(effect);

    for (const { invoiceId, isSettled } of notes) {
      if (isSettled && unpaidInvoice(this.state, invoiceId) !== undefined) {
        await this.follow(afterSettled(this.state, invoiceId, 'credited', this.loaded.now.getTime()));
      }
    }
  }

  private async expireUnits({ item, at, payload }: EffectOf<'expire_units'>): Promise<void> {
    const units = await this.books.unitsLeft(item, at);

    if (units !== null && units.left.numerator > 0n) {
      const unusedUnits = formatExactDecimal(units.left);
      const boughtUnits = formatExactDecimal(units.bought);
      this.events.push({ type: 'addon.units.expired', payload: { ...payload, unusedUnits, boughtUnits } });
    }
  }

  private async collect(invoiceId: number): Promise<void> {
    if (unpaidInvoice(this.state, invoiceId)?.unpaid.chargeInFlight !== null) {
      return;
    }
    const started = await this.books.collect(this.state, invoiceId);

    if (started === null) {
      return;
    }
    this.events.push(started.event);
    this.state = withUnpaid(this.state, invoiceId, { chargeInFlight: started.isOffSession ? started.paymentId : null });
  }

  /** What follows from an invoice that its account's credit has paid at once. */
  private async follow(decision: Decision): Promise<void> {
    const { state, effects } = withAllToBill(this.state, decision, this.loaded.policy, this.loaded.now.getTime());
    this.state = state;

    for (const effect of effects) {
      await this.apply(effect);
    }
  }

  /** Operations of billing tell their own events; what happened before them is told first. */
  private async flush(): Promise<void> {
    const events = this.events;
    this.events = [];

    if (events.length > 0) {
      await this.books.tell(events);
    }
  }
}

/**
 * A stretch that costs nothing is paid for. Of a plan, where the plan costs nothing but what is used: a stub of 0 waits for
 * the first money (D17).
 */
function withoutAsking(state: Subscription, as: InvoiceRole, now: number): Decision {
  switch (as.role) {
    case 'addons':
      return activateAddons(state, as.items, now);
    case 'first':
      return priceOf(planOf(state)) === 0 ? activate(state, now) : { state, effects: [] };
    default:
      return { state, effects: [] };
  }
}

/** What an invoice asks money for that is about add-ons, alone or beside the plan. */
function boughtIn({ purpose, lines }: EffectOf<'issue'>): Pick<EffectOf<'notice'>, 'data' | 'of'> {
  return purpose === 'addon' || lines.length > 1
    ? {
        data: {
          planName: lines.map(lineNameOf).join(', '),
          quantity: 1,
          amount: lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0),
        },
        of: lines,
      }
    : { data: {} };
}

/** What comes to nothing is settled without money, and nobody is told of any. */
function withoutReceipt({ state, effects }: Decision): Decision {
  return {
    state,
    effects: effects.filter((effect) => effect.type !== 'notice' || effect.kind !== 'payment_received'),
  };
}

/** Operations of billing that tell events of their own. */
const tellsItself: readonly EnteredEffect['type'][] = ['release_promotions', 'reverse', 'overdue', 'uncollectible'];
