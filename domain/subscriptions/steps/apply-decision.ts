import type { TenantSql } from '../../../platform/db/database';
import { creditUnusedService } from '../../billing/credit-notes/credit-unused-service';
import { issueSubscriptionInvoice } from '../../billing/invoices/issue-subscription-invoice';
import { markOverdue } from '../../billing/invoices/mark-overdue';
import { markUncollectible } from '../../billing/invoices/mark-uncollectible';
import { moveServiceEnd } from '../../billing/service-guard/move-service-end';
import { openCampaign } from '../../billing/dunning/open-campaign';
import { closeDunning, logDunningAttempt, saveDunningRuns } from '../../billing/dunning/save-runs';
import { reverseInvoice } from '../../billing/invoices/reverse-invoice';
import { priceLine } from '../../billing/pricing/pricer-rules';
import { localDateAt } from '../../calendar/zoned-calendar';
import { appendEvents } from '../../events/append-events';
import type { DomainEvent } from '../../events/event-types';
import { toSafeNumber } from '../../money/money-rules';
import type { NewNotice } from '../../notifications/notice-types';
import { forgetAsking } from '../../payments/ask-later';
import type { PaymentGateways } from '../../payments/payment-gateway';
import { collectInvoice } from './collect-invoice';
import type { LockedSubscription } from '../row/lock-subscription';
import { saveSubscription } from '../row/save-subscription';
import type { Decision, EffectOf, SubscriptionEffect, SubscriptionNotice } from '../lifecycle/decision-types';
import { isChargedByUs } from '../lifecycle/dunning-decider';
import { afterSettled } from '../lifecycle/payment-decider';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';
import { invoiceAheadOf, unpaidInvoice, withInvoice, withUnpaid } from '../lifecycle/subscription-invoice-rules';
import type { Subscription } from '../lifecycle/subscription-types';
import { isoOf, payloadOf } from '../lifecycle/telling-rules';

/**
 * Carries a decision out: effects in order, then the row, in the caller's transaction under the subscription's lock.
 * Events are told in the order in which things happened.
 * @returns the state after it, which knows the invoices that were made
 * @throws AppError already_billed, charge_in_flight and what billing refuses; nothing is written then
 */
export async function applyDecision(
  tx: TenantSql,
  locked: LockedSubscription,
  decision: Decision,
  gateways: PaymentGateways,
): Promise<Subscription> {
  const run = new Application(tx, locked, decision.state, gateways);

  for (const effect of decision.effects) {
    await run.apply(effect);
  }

  return run.finish(locked.state);
}

class Application {
  private events: DomainEvent[] = [];
  private readonly history: EffectOf<'history'>[] = [];
  private readonly notices: NewNotice[] = [];

  constructor(
    private readonly tx: TenantSql,
    private readonly locked: LockedSubscription,
    private state: Subscription,
    private readonly gateways: PaymentGateways,
  ) {}

  async apply(effect: SubscriptionEffect): Promise<void> {
    const { tx, locked } = this;
    const { party, settings, now } = locked;
    const subscriptionId = this.state.id;

    switch (effect.type) {
      case 'event':
        this.events.push({ type: effect.name, payload: effect.payload });
        break;
      case 'history':
        this.history.push(effect);
        break;
      case 'notice':
        this.notice(effect.kind, effect.data, this.invoiceOf(effect));
        break;
      case 'issue':
        return this.issue(effect);
      case 'collect':
        return this.collect(effect.invoiceId);
      case 'credit':
        await this.flush();
        await this.credit(effect);
        break;
      case 'reverse':
        await this.flush();
        await reverseInvoice(tx, {
          invoiceId: effect.invoiceId,
          subscriptionId,
          reason: effect.reason,
          party,
          settings,
          now,
        });
        break;
      case 'move_end':
        await moveServiceEnd(tx, {
          subscriptionId,
          item: effect.item,
          at: new Date(effect.at),
          from: new Date(effect.from),
          to: new Date(effect.to),
          timeZone: party.timeZone,
          now,
        });
        break;
      case 'ask_again':
        await forgetAsking(tx, { invoiceId: effect.invoiceId, now });
        break;
      case 'overdue':
        await this.flush();
        await markOverdue(tx, { invoiceId: effect.invoiceId, subscriptionId, now });

        if (settings.dunningCampaign !== null) {
          await openCampaign(tx, { party, testClockId: locked.testClockId, now });
        }
        break;
      case 'uncollectible':
        await this.flush();
        await markUncollectible(tx, { invoiceId: effect.invoiceId, subscriptionId, now });
        break;
      case 'dunning_attempt':
        await logDunningAttempt(tx, { ...effect, subscriptionId, now });
        break;
      case 'dunning_closed':
        await closeDunning(tx, { ...effect, now });
        break;
    }
  }

  async finish(before: Subscription): Promise<Subscription> {
    if (JSON.stringify(before.dunning) !== JSON.stringify(this.state.dunning)) {
      await saveDunningRuns(this.tx, this.state, this.locked.now);
    }
    await saveSubscription(
      this.tx,
      { before, after: this.state, locked: this.locked },
      { history: this.history, events: this.events, notices: this.notices },
    );

    return this.state;
  }

  /** What the customer is told: prices as they are charged, and whether somebody has to do something for it. */
  private notice(kind: SubscriptionNotice, data: Record<string, unknown>, invoiceId: number | null): void {
    const { amount } = data;
    const charge = typeof amount === 'number' ? { charge: chargeOf(amount, this.locked.settings.taxRatePpm) } : {};
    const isAhead = kind === 'renewal_upcoming' && isChargedByUs(this.state);
    this.notices.push({ kind, data: { ...data, ...charge, isCharged: isAhead }, invoiceId });
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
    const { tx, locked, state } = this;
    const span = ({ startsAt, endsAt }: { startsAt: number; endsAt: number }) => ({
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    });
    const told = this.events;
    this.events = [];
    const issued = await issueSubscriptionInvoice(tx, {
      subscriptionId: state.id,
      purpose: effect.purpose,
      party: locked.party,
      settings: locked.settings,
      lines: effect.lines.map(({ item, layer, terms, quantity, unitPrice, service, denominator }) => ({
        item,
        layer,
        planId: terms.planId,
        description: terms.planName,
        quantity,
        unitPrice,
        service: span(service),
        denominator: span(denominator),
      })),
      dueDate: new Date(effect.dueAt),
      nextBillingDate: effect.nextBillingAt === null ? null : localDateAt(effect.nextBillingAt, state.timeZone),
      isLeftOutWhenEmpty: effect.as.role !== 'ahead',
      eventsBefore: told,
      now: locked.now,
    });

    if (issued === null) {
      this.events = told;

      return;
    }

    const { invoiceId, status } = issued;
    this.state = withInvoice(this.state, { invoiceId, dueAt: effect.dueAt, isUnpaid: status === 'open' }, effect.as);

    if (effect.as.role === 'ahead') {
      return;
    }

    if (effect.as.role === 'first' && status === 'open' && !isChargedByUs(this.state)) {
      const payBy = effect.as.payBy === null ? null : isoOf(effect.as.payBy);
      this.notice('invoice_issued', { ...payloadOf(this.state), payBy }, invoiceId);
    }

    return status === 'paid'
      ? this.follow(afterSettled(this.state, invoiceId, 'paid', locked.now.getTime()))
      : this.collect(invoiceId);
  }

  /** An invoice that the credit settles is no longer asked for. */
  private async credit(effect: EffectOf<'credit'>): Promise<void> {
    const { tx, locked, state } = this;
    const { party, settings, now } = locked;
    const notes = await creditUnusedService(tx, {
      subscriptionId: state.id,
      item: effect.item,
      from: new Date(effect.from),
      reason: effect.reason,
      party,
      settings,
      now,
    });

    for (const { invoiceId, isSettled } of notes) {
      if (isSettled && unpaidInvoice(this.state, invoiceId) !== undefined) {
        await this.follow(afterSettled(this.state, invoiceId, 'credited', now.getTime()));
      }
    }
  }

  private async collect(invoiceId: number): Promise<void> {
    if (unpaidInvoice(this.state, invoiceId)?.unpaid.chargeInFlight !== null) {
      return;
    }
    const { tx, locked, state, gateways } = this;
    const started = await collectInvoice(tx, { invoiceId, locked, state, gateways });

    if (started === null) {
      return;
    }
    this.events.push(started.event);
    this.state = withUnpaid(state, invoiceId, { chargeInFlight: started.isOffSession ? started.paymentId : null });
  }

  /** What follows from an invoice that its account's credit has paid at once. */
  private async follow(decision: Decision): Promise<void> {
    this.state = decision.state;

    for (const effect of decision.effects) {
      await this.apply(effect);
    }
  }

  /** Operations of billing tell their own events; what happened before them is told first. */
  private async flush(): Promise<void> {
    const events = this.events;
    this.events = [];

    if (events.length > 0) {
      await appendEvents(this.tx, { subject: subscriptionSubject(this.state.id), events, now: this.locked.now });
    }
  }
}

/** What a price before tax comes to, in minor units. */
function chargeOf(amount: number, ratePpm: number): { total: number; tax: number } {
  const { total, tax } = priceLine({ source: null, amount: BigInt(amount) }, [], [{ ratePpm }]);

  return { total: toSafeNumber(total), tax: toSafeNumber(tax) };
}
