import type { BillingCycle } from '../../domain/calendar/billing-period-rules';
import { type LocalDate } from '../../domain/calendar/calendar-rules';
import { type InstantSpan, localDateAt, startOfDay } from '../../domain/calendar/zoned-calendar';
import { defaultSettings, type Settings } from '../../domain/companies/setting-catalogue';
import { follow, forecastStart, forecastUntil } from '../../domain/subscriptions/paper/forecast-calendar';
import type { Forecast, ForecastLine } from '../../domain/subscriptions/paper/forecast-types';
import type { PlanPhase } from '../../domain/catalogue/plans/plan-phase-rules';
import type { LastingDiscount } from '../../domain/promotions/coupon-duration-rules';
import { decideCommand } from '../../domain/subscriptions/commands/command-decider';
import { withAllToBill } from '../../domain/subscriptions/lifecycle/decision-rules';
import type { SubscriptionCommand, SubscriptionEffect } from '../../domain/subscriptions/lifecycle/decision-types';
import { planOf } from '../../domain/subscriptions/lifecycle/item-rules';
import { withPlanPhases } from '../../domain/subscriptions/schedule/phase-rules';
import { subscriptionPolicy } from '../../domain/subscriptions/lifecycle/subscription-policy';
import type {
  AddonTerms,
  AgreedTerms,
  ProrationBehavior,
} from '../../domain/subscriptions/lifecycle/subscription-types';
import { unbegunSubscription } from '../../domain/subscriptions/row/subscription-row';

export interface Terms {
  /** A local date, or an instant. */
  readonly start: LocalDate;
  /** minor units for a whole period */
  readonly price: bigint;
  readonly cycle: BillingCycle;
  readonly trialDays?: number;
  readonly anchorDay?: number;
  /** First day without service. */
  readonly end?: LocalDate | null;
  readonly timing?: 'in_advance' | 'in_arrears';
  readonly timeZone?: string;
  readonly settings?: Partial<Settings>;
  /** Promotions that it begins with. */
  readonly discounts?: readonly LastingDiscount[];
  /** Prices before the one of the plan. */
  readonly phases?: readonly PlanPhase[];
}

/** A line by the local dates of its account. */
export interface PaperLine extends ForecastLine {
  /** The day its document is made. */
  readonly on: LocalDate;
  readonly from: LocalDate;
  /** The first day after it. */
  readonly to: LocalDate;
}

/**
 * A subscription of the product, lived through on paper: the rules that decide its deadlines and commands, and price what
 * they bill, without a database and a clock. Days begin in its zone, UTC unless the terms name one.
 */
export class PaperSubscription {
  private readonly settings: Settings;
  private readonly timeZone: string;
  private forecast: Forecast;
  private now: number;
  /** What the latest command brought about. */
  effects: readonly SubscriptionEffect[] = [];

  constructor({ start, price, cycle, trialDays = 0, anchorDay, end, timing = 'in_advance', ...terms }: Terms) {
    this.settings = { ...defaultSettings, ...terms.settings };
    this.timeZone = terms.timeZone ?? 'UTC';
    this.now = this.instantOf(start);
    const unbegun = unbegunSubscription(termsOf(price, cycle), {
      quantity: 1,
      currency: 'USD',
      timeZone: this.timeZone,
      anchorDay: anchorDay ?? null,
      endsAt: end == null ? null : this.instantOf(end),
      billingTiming: timing,
      renewalLeadDays: 0,
    });
    const fresh = { ...withPlanPhases(unbegun, terms.phases ?? []), discounts: terms.discounts ?? [] };
    this.forecast = forecastStart(fresh, { trialDays }, this.settings, this.now);
  }

  /** Lets time go by until a day or an instant, what is due then included. */
  until(end: LocalDate): this {
    const until = this.instantOf(end);
    this.forecast = forecastUntil(this.forecast, this.settings, { from: this.now, until });
    this.now = until;

    return this;
  }

  /** @param immediate as in the API; null: as the settings have it */
  changePlan(
    price: bigint,
    cycle: BillingCycle,
    immediate: boolean | null = null,
    prorationBehavior?: ProrationBehavior,
  ): this {
    const command = {
      type: 'change_plan',
      terms: termsOf(price, cycle),
      quantity: 1,
      immediate,
      at: null,
      billed: null,
      prorationBehavior,
    } as const;

    return this.carryOut(command);
  }

  /** @param terms amounts in minor units, for one and one period, and once */
  buyAddon(terms: Pick<AddonTerms, 'amount' | 'billingCycle' | 'setupFee' | 'termPeriods'>): this {
    plans += 1;
    const named = { addonId: plans, addonKey: `paper-${plans}`, addonName: 'paper add-on' };

    return this.carryOut({
      type: 'add_addons',
      addons: [{ key: `addon/${plans}`, terms: { ...named, ...terms }, quantity: 1 }],
    });
  }

  private carryOut(command: SubscriptionCommand): this {
    const decision = decideCommand(this.forecast.state, command, subscriptionPolicy(this.settings), this.now);
    this.effects = withAllToBill(this.forecast.state, decision, this.settings, this.now).effects;
    this.forecast = follow(this.forecast, decision, this.settings, this.now);

    return this;
  }

  get lines(): PaperLine[] {
    return this.forecast.lines.map((line) => ({
      ...line,
      on: this.dateOf(line.at),
      from: this.dateOf(line.service.startsAt),
      to: this.dateOf(line.service.endsAt),
    }));
  }

  get charges(): PaperLine[] {
    return this.lines.filter(({ kind }) => kind === 'charge');
  }

  get credits(): PaperLine[] {
    return this.lines.filter(({ kind }) => kind === 'credit');
  }

  get paper(): Forecast {
    return this.forecast;
  }

  /** The period it is in, where it has one. */
  get period(): (InstantSpan & { from: LocalDate; to: LocalDate }) | null {
    const { period } = planOf(this.forecast.state);

    return period && { ...period, from: this.dateOf(period.startsAt), to: this.dateOf(period.endsAt) };
  }

  private instantOf(day: LocalDate): number {
    return day.includes('T') ? Date.parse(day) : startOfDay(day, this.timeZone);
  }

  private dateOf(at: number): LocalDate {
    return localDateAt(at, this.timeZone);
  }
}

let plans = 0;

/** Every one is a plan of its own. */
function termsOf(price: bigint, billingCycle: BillingCycle): AgreedTerms {
  plans += 1;

  return { planId: plans, planName: 'paper', amount: Number(price), billingCycle };
}
