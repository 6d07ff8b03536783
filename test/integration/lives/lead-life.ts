import { resolveSettings, type Settings } from '../../../domain/companies/setting-catalogue';
import { askedOf, shareOf } from './asked-of';
import { comparePreview } from './compare-preview';
import { describeCommand } from './describe-life';
import type { Known, Violation } from './invariants/known';
import { violations } from './invariants/invariants';
import { firstInstant, type Life, type LifeCommand, type PlanName, plans } from './life';
import type { Answer, Asked, LivingSubscription, Product } from './product';
import { at, type Snapshot } from './snapshot';

const hourMs = 3_600_000;

/** How a life went. */
export interface LedLife {
  /** The first thing after which something did not hold; null: everything held to the end. */
  broken: { step: number; after: string; violations: Violation[] } | null;
  /** What was carried out, and what was refused, by name. */
  done: string[];
  refused: string[];
}

/** Leads a life, and checks after each step that everything holds that always has to. */
export async function leadLife(life: Life, product: Product): Promise<LedLife> {
  const leading = new Leading(life);
  let step = 0;

  try {
    const { termDays, startDays } = life.start;
    const daysOn = (days: number) => new Date(firstInstant.getTime() + days * 24 * hourMs);
    const begun = await product.begin({
      settings: life.settings,
      ...life.start,
      startsAt: startDays === undefined ? null : daysOn(startDays),
      endsAt: termDays === null ? null : daysOn(termDays),
    });

    if (!('ask' in begun)) {
      return leading.notBegun(begun);
    }
    let snapshot = await begun.look();
    let broken = leading.check(snapshot);

    for (const command of life.commands) {
      if (broken.length > 0) {
        break;
      }
      step += 1;
      const before = snapshot;
      const found = await leading.carryOut(begun, command, before);
      snapshot = await begun.look();
      broken = [...found(snapshot), ...leading.check(snapshot)];
    }

    return leading.end(broken.length === 0 ? null : { step, violations: broken });
  } catch (error) {
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);

    return leading.end({ step, violations: [{ rule: 'nothing fails of itself, and time goes on', shown }] });
  }
}

/** Because of where a subscription stands, or of how much is left; every other one is the product's own failure. */
const fairRefusals = [
  'usage_after_end',
  'usage_too_late',
  'subscription_state',
  'subscription_past_due',
  'addon_owned',
  'charge_in_flight',
  'no_change',
  'invoice_state',
  'payment_state',
  'refund_exceeds_payment',
  'amount_out_of_range',
  'promotion_already_used',
  'promotion_not_applicable',
  'prepaid_before_start',
  'proration_unavailable',
  'meter_priced_by_percentage',
  'not_found',
];

/** What the API answers a preview of. */
const previewed = [
  'change_plan',
  'cancel',
  'pause',
  'resume',
  'reactivate',
  'add_addons',
  'remove_addon',
  'change_addon',
  'apply_promotion',
  'remove_promotion',
  'set_phases',
  'change_trial',
  'change_price',
  'pause_collection',
  'resume_collection',
];

/** What gives access, or takes it, by how something stands. */
const accessSettings = ['accessBeforeFirstPayment', 'dunningKeepsAccess', 'refundKeepsAccess'] as const;

type Findings = (after: Snapshot) => Violation[];
const nothing: Findings = () => [];

class Leading {
  private readonly done: string[] = [];
  private readonly refused: string[] = [];
  private readonly voidedByHand = new Set<number>();
  private readonly inForce: Settings[];
  /** What requests said in place of them. */
  private readonly askedFor: Partial<Settings>[] = [];
  /** Epoch milliseconds up to which nobody is billed for what was asked for so. */
  private letOffUntil = -Infinity;
  private readonly putOff = new Set<string>();
  private isAccessReset = false;
  private endsBy: number | null = null;
  private wasFree = false;
  private wasAsUsed = false;
  private wasLetOff = false;
  /** A change at once was asked for that is billed as the company has it, then or when its notice is over. */
  private wasChangedAsSet = false;
  /** A change that waits for the boundary, and that nothing asked for since has touched. */
  private waiting: { plan: string | null; seats: number | null } = { plan: null, seats: null };

  constructor(private readonly life: Life) {
    this.inForce = [resolveSettings(life.settings)];
  }

  end(broken: Omit<NonNullable<LedLife['broken']>, 'after'> | null): LedLife {
    const command = broken === null || broken.step === 0 ? undefined : this.life.commands[broken.step - 1];
    const after = command === undefined ? 'subscribing' : describeCommand(command);

    return { broken: broken && { ...broken, after }, done: this.done, refused: this.refused };
  }

  /** What companies may set forbids some beginnings; anything else is a fault. */
  notBegun({ code, detail }: Extract<Answer, { kind: 'refused' }>): LedLife {
    const { trial, termDays, startDays, plan } = this.life.start;
    const isMeant =
      (code === 'trial_unavailable' && trial) ||
      (code === 'promotion_not_applicable' && plans[plan].price === 0) ||
      (code === 'invalid_date_sequence' && (trial || startDays !== undefined) && termDays !== null) ||
      (this.life.settings.billingTime === 'calendar' && plan === '150K 30 days');
    this.refused.push('subscribe');

    return this.end(isMeant ? null : { step: 0, violations: [{ rule: 'a life begins', shown: `${code}: ${detail}` }] });
  }

  check(snapshot: Snapshot): Violation[] {
    const { amount, plan_name: plan } = snapshot.subscription;
    this.wasFree ||= amount === 0;
    this.wasAsUsed ||= amount === 0 && plan in plans && 'calls' in plans[plan as PlanName];
    const had: Known['had'] = (key, ...values) =>
      [...this.inForce, ...this.askedFor].some((settings) => key in settings && values.includes(settings[key]));
    const known: Known = {
      start: this.life.start,
      settings: this.inForce.at(-1) as Settings,
      had,
      firstInvoiceHours: Math.max(...this.inForce.map(({ firstInvoiceExpiryHours }) => firstInvoiceExpiryHours)),
      voidedByHand: this.voidedByHand,
      endsBy: this.endsBy,
      wasFree: this.wasFree,
      wasAsUsed: this.wasAsUsed,
      letOffUntil: this.letOffUntil,
      putOff: this.putOff,
      isAccessReset: this.isAccessReset,
      wasLetOff: this.wasLetOff || (this.wasChangedAsSet && had('planChangeBilling', 'none')),
    };

    return violations({ snapshot, known });
  }

  /** @returns what has to be looked at once it stands */
  async carryOut(living: LivingSubscription, command: LifeCommand, before: Snapshot): Promise<Findings> {
    switch (command.do) {
      case 'wait':
        return this.wait(living, before, (command.days * 24 + command.hours) * hourMs);
      case 'forecast':
        return this.forecast(living, before, command.days * 24 * hourMs);
      case 'pageTells': {
        const payment = before.payments.filter(({ method }) => method === 'vnpay').at(-1 - command.payment);

        if (payment !== undefined) {
          const factor = { paid: 1, 'paid too little': 0.5, 'paid too much': 2, failed: 0 }[command.outcome];
          const outcome = command.outcome === 'failed' ? 'failed' : 'success';
          await living.tell(payment, outcome, Math.floor(payment.amount * factor));
          this.done.push(command.do);
        }

        return nothing;
      }
      case 'refund': {
        const payment = before.payments.filter((one) => one.paid_amount > 0).at(-1 - command.payment);

        return payment === undefined
          ? nothing
          : this.answered(command, before, await living.refund(payment.id, shareOf(payment.paid_amount, command.part)));
      }
      case 'calls': {
        const told = Math.max(at(before.now) - command.hoursAgo * hourMs, firstInstant.getTime());

        return this.answered(command, before, await living.sales.use(command.count, new Date(told)));
      }
      case 'grant': {
        const expiresAt = command.days === null ? null : new Date(at(before.now) + command.days * 24 * hourMs);

        return this.answered(command, before, await living.sales.grant(command.amount, expiresAt));
      }
      case 'payOut':
        return before.balance === 0
          ? nothing
          : this.answered(
              command,
              before,
              await living.sales.payOut(shareOf(before.balance, command.part) ?? before.balance),
            );
      case 'taxed':
        await living.sales.taxAs(command.as);
        this.done.push(command.do);

        return nothing;
      case 'settings':
        await living.set(command.changes);
        this.isAccessReset ||= accessSettings.some(
          (key) => key in command.changes && command.changes[key] !== this.inForce.at(-1)?.[key],
        );
        this.inForce.push({ ...(this.inForce.at(-1) as Settings), ...command.changes });

        return nothing;
      default: {
        const asked = askedOf(command, before);

        return asked === null ? nothing : this.ask(living, command, asked, before);
      }
    }
  }

  private async wait(living: LivingSubscription, before: Snapshot, milliseconds: number): Promise<Findings> {
    if (milliseconds === 0) {
      return nothing;
    }
    const boundary = before.subscription.current_period_end;
    const target = at(before.now) + milliseconds;
    const waiting = this.waiting;
    await living.waitUntil(new Date(target));

    if (boundary === null || at(boundary) > target) {
      return nothing;
    }
    this.waiting = { plan: null, seats: null };

    return ({ subscription }) => {
      // What was asked for a plan that was never paid for goes with it.
      const isBack = before.subscription.amount > 0 && subscription.amount === 0;
      const hasEnded = isBack || !['active', 'past_due'].includes(subscription.status);
      const plan = waiting.plan !== null && subscription.plan_name !== waiting.plan;
      // A phase may come after it, at a boundary later on.
      const isInPhases = before.subscription.waiting_changes.some(({ kind }) => kind === 'phase');
      const seats = !isInPhases && waiting.seats !== null && subscription.quantity !== waiting.seats;

      return !hasEnded && (plan || seats)
        ? [
            {
              rule: 'a change that waits for the end of the period is made there',
              shown: `${subscription.plan_name} × ${subscription.quantity} after ${boundary}, waited: ${JSON.stringify(waiting)}`,
            },
          ]
        : [];
    };
  }

  /** What a forecast says is what comes, where everything asked for is paid and nobody does anything. */
  private async forecast(living: LivingSubscription, before: Snapshot, milliseconds: number): Promise<Findings> {
    const until = new Date(at(before.now) + milliseconds);
    const { invoices: foreseen } = await living.forecast(until);
    const settled = await this.wait(living, before, milliseconds);
    const { subscription, invoices, charges } = before;
    const pays =
      subscription.payment_method === 'card' &&
      subscription.collection === 'charge_automatically' &&
      charges.at(-1)?.outcome === 'success';
    const isComparable =
      pays &&
      ['active', 'trial', 'paused', 'scheduled'].includes(subscription.status) &&
      invoices.every(({ status }) => status !== 'open');

    return (after) => {
      const last = after.charges.every(({ outcome }) => outcome === 'success');
      // What a pause of collection lets off is not foreseen.
      const came = after.invoices.filter(
        ({ id, status }) => !invoices.some((one) => one.id === id) && status !== 'void',
      );
      const shown = (rows: readonly (readonly [string, string, string, number, number])[]) => JSON.stringify(rows);
      const said = shown(
        foreseen.map((one) => [
          instant(one.issuedAt),
          instant(one.periodStart),
          instant(one.periodEnd),
          one.subtotal,
          one.tax,
        ]),
      );
      const happened = shown(
        came.flatMap((invoice) =>
          after.lines
            .filter((line) => line.invoice_id === invoice.id)
            .map((line) => [
              instant(invoice.created_at),
              instant(line.period_start),
              instant(line.period_end),
              line.subtotal,
              line.tax,
            ]),
        ),
      );

      // Usage that has come to its threshold is billed within seconds, whoever asks before that.
      const isBilledAtOnce = came.some(({ created_at: made }) => at(made) === at(before.now));

      return isComparable && last && !isBilledAtOnce && said !== happened
        ? [...settled(after), { rule: 'a forecast is what comes', shown: `foreseen ${said}, came ${happened}` }]
        : settled(after);
    };
  }

  private async ask(
    living: LivingSubscription,
    command: LifeCommand,
    asked: Asked,
    before: Snapshot,
  ): Promise<Findings> {
    const isPreviewed = previewed.includes(asked.type);
    const preview = isPreviewed ? await living.preview(asked) : null;
    const afterPreview = isPreviewed ? await living.look() : before;
    const answer = await living.ask(asked);
    const found = this.answered(command, before, answer);

    if (answer.kind === 'done') {
      this.note(asked, before);
    }

    return (after) => [
      ...(JSON.stringify(afterPreview) === JSON.stringify(before)
        ? []
        : [{ rule: 'a preview changes nothing', shown: difference(before, afterPreview) }]),
      ...(preview === null ? [] : comparePreview(preview, answer, before, after)),
      ...found(after),
      ...(answer.kind === 'done' ? this.promised(asked, before, after) : []),
    ];
  }

  /** A refusal changes nothing. */
  private answered(command: LifeCommand, before: Snapshot, answer: Answer): Findings {
    (answer.kind === 'done' ? this.done : this.refused).push(command.do);

    if (answer.kind === 'done') {
      return nothing;
    }
    const isOfCalendar = command.do === 'change' && this.inForce.some(({ billingTime }) => billingTime === 'calendar');
    const isOfTerm = command.do === 'trialEnd' && this.life.start.termDays !== null;
    const isOfPause = before.subscription.collection_paused_at !== null && answer.code === 'collection_paused';
    const isFair =
      isOfPause ||
      fairRefusals.includes(answer.code) ||
      isOfCalendar ||
      (isOfTerm && answer.code === 'invalid_date_sequence');

    return (after) => [
      ...(isFair
        ? []
        : [
            { rule: 'what may be asked is refused for a reason of its own', shown: `${answer.code}: ${answer.detail}` },
          ]),
      ...(JSON.stringify(after) === JSON.stringify(before)
        ? []
        : [{ rule: 'a refusal changes nothing', shown: `${answer.code}: ${difference(before, after)}` }]),
    ];
  }

  private note(asked: Asked, { subscription }: Snapshot): void {
    if ('creditUnused' in asked && asked.creditUnused !== undefined) {
      const key = asked.type === 'pause' ? 'pauseCredit' : 'cancelCredit';
      this.askedFor.push({ [key]: asked.creditUnused });
    }

    if ('prorationBehavior' in asked && asked.prorationBehavior === 'none') {
      this.wasLetOff = true;
    }

    if (asked.type === 'add_addons' && asked.prorationBehavior === 'next_invoice') {
      asked.addonKeys.forEach((key) => this.putOff.add(key));
    }

    switch (asked.type) {
      case 'void_invoice':
        this.voidedByHand.add(asked.invoiceId);
        break;
      case 'reactivate':
        this.endsBy = null;
        break;
      case 'change_plan': {
        const touches = asked.plan !== null || asked.quantity !== null;
        this.wasChangedAsSet ||= touches && asked.immediate !== false;
        const isBoundary = asked.immediate === false && subscription.status === 'active' && subscription.amount > 0;
        // One that is made at once, or as the company has it, may leave what waits of the other kind alone, or not.
        this.waiting = !touches
          ? this.waiting
          : isBoundary
            ? { plan: asked.plan ?? this.waiting.plan, seats: asked.quantity ?? this.waiting.seats }
            : {
                plan: asked.plan === null ? this.waiting.plan : null,
                seats: asked.quantity === null ? this.waiting.seats : null,
              };
        break;
      }
      case 'change_price':
        this.wasChangedAsSet ||= asked.immediate && asked.prorationBehavior === undefined;
        break;
      case 'pause':
      case 'resume':
        this.waiting = { plan: null, seats: null };
        break;
      case 'set_phases':
        this.waiting = { ...this.waiting, seats: null };
        break;
    }
  }

  /** What somebody was promised shows at once in what stands. */
  private promised(asked: Asked, before: Snapshot, after: Snapshot): Violation[] {
    const { subscription } = after;

    if ('prorationBehavior' in asked && asked.prorationBehavior === 'none') {
      const ends = [subscription, ...after.addons].flatMap(({ current_period_end: end }) =>
        end === null ? [] : at(end),
      );
      this.letOffUntil = Math.max(this.letOffUntil, ...ends);
    }

    if (asked.type === 'cancel' && asked.cancelAtPeriodEnd && subscription.cancel_at_period_end) {
      const end = subscription.status === 'trial' ? subscription.trial_end : subscription.current_period_end;
      this.endsBy = end === null ? this.endsBy : at(end);
    }

    if (asked.type === 'pause' && asked.atPeriodEnd && !subscription.cancel_at_period_end) {
      this.endsBy = null;
    }

    if (['change_plan', 'change_trial'].includes(asked.type) && this.endsBy !== null) {
      const end = subscription.status === 'trial' ? subscription.trial_end : subscription.current_period_end;
      this.endsBy = subscription.cancel_at_period_end && end !== null ? at(end) : null;
    }

    if (asked.type === 'change_plan' && asked.immediate === true && before.subscription.status === 'active') {
      const isMade =
        (asked.plan === null || subscription.plan_name === asked.plan) &&
        (asked.quantity === null || subscription.quantity === asked.quantity);

      // The rest of a period that is billed when it is over is the old plan's day.
      const isLeftToNext =
        subscription.billing_timing === 'in_arrears' &&
        subscription.waiting_changes.some(({ kind }) => kind === 'plan' || kind === 'quantity');

      return isMade || isLeftToNext || ['cancelled', 'expired'].includes(subscription.status)
        ? []
        : [
            {
              rule: 'a change at once is made at once',
              shown: `${subscription.plan_name} × ${subscription.quantity} after ${JSON.stringify(asked)}`,
            },
          ];
    }

    return [];
  }
}

const instant = (text: string | null) => (text === null ? '' : new Date(text).toISOString());

/** Names of what is not the same. */
function difference(one: Snapshot, other: Snapshot): string {
  return (Object.keys(one) as (keyof Snapshot)[])
    .filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]))
    .map((key) => `${key}: ${JSON.stringify(one[key])} → ${JSON.stringify(other[key])}`)
    .join('; ')
    .slice(0, 2_000);
}
