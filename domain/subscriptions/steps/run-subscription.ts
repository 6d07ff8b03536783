import type { TenantSql } from '../../../platform/db/database';
import { closeCampaignWhenClear } from '../../billing/dunning/close-campaign';
import { type ActiveCampaign, findActiveCampaign } from '../../billing/dunning/find-active-campaign';
import { tellEntitlements } from '../../entitlements/tell-entitlements';
import type { PaymentGateways } from '../../payments/payment-gateway';
import { type PaymentOutcome, recordOutcome } from '../../payments/record-outcome';
import { askForLook } from '../../usage/thresholds/threshold-looks';
import { applyDecision } from './apply-decision';
import type { WaysToPay } from './collect-invoice';
import { type SubscriptionBooks, writtenBooks } from './subscription-books';
import { type CommandResult, recallCommand, rememberCommand } from '../commands/entity-commands';
import { countTogether } from '../row/count-together';
import { type LoadedSubscription, type LockedSubscription, lockSubscription } from '../row/lock-subscription';
import { resolveCommand } from '../commands/requested-command';
import { billedOf } from '../commands/requested-price';
import { mayBillEarlySince } from '../charges/usage-threshold-rules';
import type { RequestedCommand } from '../commands/subscription-command-schema';
import { decideCommand, decidePostponed } from '../commands/command-decider';
import type { Decision } from '../lifecycle/decision-types';
import { mayGiveOther } from '../lifecycle/given-service-rules';
import { decideDue } from '../lifecycle/due-decider';
import { dueDeadline, nextDeadline } from '../schedule/subscription-deadline-rules';
import { type SubscriptionStanding, standingOf } from '../lifecycle/subscription-standing';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';
import { takeEarlyUsage } from './look-at-usage';
import { takePayment } from './take-payment';
import { takesTurns, turnAt } from '../schedule/turn-rules';
import { unpaidInvoice, unpaidInvoices } from '../lifecycle/subscription-invoice-rules';
import type { Subscription } from '../lifecycle/subscription-types';

/** What a subscription's transaction is for: what time has brought, what somebody asks, what became of a payment, usage, or a look. */
export type SubscriptionWork =
  | { kind: 'due' }
  | { kind: 'command'; commandId: string; command: RequestedCommand }
  | { kind: 'payment'; paymentId: number }
  /** Its usage may have come to the threshold. */
  | { kind: 'usage' }
  /** Nothing: where it stands. */
  | { kind: 'look' };

export interface SubscriptionRun {
  standing: SubscriptionStanding;
  /** Of the clock that it lives by, epoch milliseconds. */
  now: number;
  /** More is due by now: ask again. */
  isMoreDue: boolean;
  /** False: there was nothing to do, or it was done before. */
  hasRun: boolean;
  /** The payment that `pay_invoice` has started. */
  paymentId: number | null;
  /** A token that the customer gave for it, to be charged now. */
  charge: { paymentId: number; token: string } | null;
  /** A payment whose money is not wanted and has to go back. */
  refundDue: number | null;
  /** Asks the account for what is overdue, in a workflow of its own; on a test clock it has none (D26). */
  campaign: ActiveCampaign | null;
}

const nothingMore = { paymentId: null, charge: null, refundDue: null } as const;

interface Dependencies {
  gateways: PaymentGateways;
  /** The machine's time; a customer on a test clock has the clock's instead (D26). */
  now: Date;
  /** Of a company's subscriptions that are due at one instant, so many are woken in a second; absent: all at once. */
  renewalsPerSecond?: number | undefined;
}

/**
 * One step of a subscription in one transaction: lock, decide, apply. Repeating it changes nothing: what was due is due
 * no more, a command is known by its id (D25), a payment is taken in once.
 * @param input.told what a provider has just said of the payment that is taken in: it is entered with it
 * @throws AppError of the rules (see `decideCommand`) and of billing; nothing is written then
 */
export async function runSubscription(
  tx: TenantSql,
  input: { subscriptionId: number; work: SubscriptionWork; told?: PaymentOutcome | undefined },
  { gateways, now, renewalsPerSecond }: Dependencies,
): Promise<SubscriptionRun> {
  const locked = await lockSubscription(tx, input.subscriptionId, now);

  if (input.told !== undefined) {
    await recordOutcome(tx, input.told, locked.now, true);
  }
  const run = await runWork(tx, locked, input.work, gateways);

  return renewalsPerSecond === undefined ? run : withTurn(tx, locked.state, run, renewalsPerSecond);
}

async function runWork(
  tx: TenantSql,
  locked: LockedSubscription,
  work: SubscriptionWork,
  gateways: PaymentGateways,
): Promise<SubscriptionRun> {
  const untold = { gateways, isAsked: false };

  switch (work.kind) {
    case 'due':
      return apply(tx, locked, await decideDueNow(writtenBooks(tx, locked, untold), locked), untold);
    case 'payment': {
      const { decision, isRefundDue } = await takePayment(tx, locked, work.paymentId);
      // Without an answer, too: when to ask again is a deadline, and the row says which is next.
      const run = await apply(tx, locked, decision ?? { state: locked.state, effects: [] }, untold);

      return { ...run, refundDue: isRefundDue ? work.paymentId : null };
    }
    case 'usage':
      return apply(tx, locked, await takeEarlyUsage(tx, locked), untold);
    case 'command':
      return command(tx, locked, work, gateways);
    case 'look':
      return { ...nothingMore, ...(await standingNow(tx, locked.state, locked)), hasRun: false };
  }
}

async function command(
  tx: TenantSql,
  locked: LockedSubscription,
  { commandId, command: requested }: Extract<SubscriptionWork, { kind: 'command' }>,
  gateways: PaymentGateways,
): Promise<SubscriptionRun> {
  const subject = subscriptionSubject(locked.state.id);
  const known = await recallCommand(tx, { subject, commandId });

  if (known !== null) {
    // Its charge as well: whoever carried the command out may have died before that. Asked twice, it has one key (D3).
    return {
      ...nothingMore,
      ...(await standingNow(tx, locked.state, locked)),
      ...startedBy(requested, known),
      hasRun: false,
    };
  }
  const resolved = await resolveCommand(tx, locked, requested, gateways);
  const decision =
    resolved.kind === 'rule'
      ? decideCommand(resolved.locked.state, resolved.command, locked.policy, locked.now.getTime())
      : resolved.decision;
  const run = await apply(tx, resolved.locked, decision, { gateways, isAsked: true });
  const paymentId = resolved.kind === 'done' ? resolved.paymentId : null;
  await rememberCommand(tx, { subject, commandId, result: { paymentId }, now: locked.now });

  return { ...run, ...startedBy(requested, { paymentId }) };
}

function startedBy(
  requested: RequestedCommand,
  { paymentId }: CommandResult,
): Pick<SubscriptionRun, 'paymentId' | 'charge'> {
  const token = requested.type === 'pay_invoice' ? requested.paymentToken : null;

  return { paymentId, charge: paymentId === null || token === null ? null : { paymentId, token } };
}

async function apply(
  tx: TenantSql,
  locked: LockedSubscription,
  decision: Decision | null,
  payments: WaysToPay,
): Promise<SubscriptionRun> {
  let { state } = locked;

  if (decision !== null) {
    state = await carryOut(writtenBooks(tx, locked, payments), locked, decision);

    if (hasSettledOverdue(locked.state, state)) {
      await closeCampaignWhenClear(tx, { billingAccountId: locked.party.billingAccountId, now: locked.now });
    }

    if (mayBillEarlySince(locked.state, state, locked.policy)) {
      await askForLook(tx, state.id);
    }

    // What was refunded gives something again from its next period on.
    if (locked.hasGivenBack || mayGiveOther(locked.state, state)) {
      await tellEntitlements(tx, { customerId: state.customerId, now: locked.now });
    }
  }

  return { ...nothingMore, ...(await standingNow(tx, state, locked)), hasRun: decision !== null };
}

/** What time has brought about by now; a price that holds from now on is measured by what is billed already. */
export async function decideDueNow(
  books: Pick<SubscriptionBooks, 'billed'>,
  loaded: LoadedSubscription,
): Promise<Decision | null> {
  const { state, policy } = loaded;
  const now = loaded.now.getTime();
  const due = dueDeadline(state, now);
  const billed = due?.kind === 'price_change' ? await billedOf(loaded, books, due.change.item) : null;

  return decideDue(state, policy, now, billed);
}

/** Applies a decision, then what was put off until a charge has its answer (D20). */
export async function carryOut(
  books: SubscriptionBooks,
  loaded: LoadedSubscription,
  decision: Decision,
): Promise<Subscription> {
  const state = await applyDecision(books, loaded, decision);
  const postponed = decidePostponed(state, loaded.policy, loaded.now.getTime());

  return postponed === null ? state : applyDecision(books, { ...loaded, state }, postponed);
}

/** An invoice that was overdue is asked for no longer: paid, credited, void or given up. */
function hasSettledOverdue(before: Subscription, after: Subscription): boolean {
  return unpaidInvoices(before).some(
    ({ invoiceId, unpaid }) => unpaid.isOverdueTold && unpaidInvoice(after, invoiceId) === undefined,
  );
}

async function standingNow(
  tx: TenantSql,
  state: Subscription,
  locked: LockedSubscription,
): Promise<Pick<SubscriptionRun, 'standing' | 'now' | 'isMoreDue' | 'campaign'>> {
  const standing = standingOf(state, locked);
  const now = locked.now.getTime();
  // Told by every step while it lasts, not by the one that opened it: whoever ran that one may have died.
  const mayBeAsked =
    locked.settings.dunningCampaign !== null &&
    locked.testClockId === null &&
    unpaidInvoices(state).some(({ unpaid }) => unpaid.isOverdueTold);

  return {
    standing,
    now,
    isMoreDue: standing.deadline !== null && standing.deadline.at <= now,
    campaign: mayBeAsked ? await findActiveCampaign(tx, locked.party.billingAccountId) : null,
  };
}

/**
 * Many that are due at the same instant are woken one after the other, so that nothing else has to wait for all of them. Those
 * that have gone on from it count with those that have not: all of them meet again at the next.
 */
async function withTurn(
  tx: TenantSql,
  before: Subscription,
  run: SubscriptionRun,
  perSecond: number,
): Promise<SubscriptionRun> {
  const { deadline, isOnClock } = run.standing;

  if (deadline === null || isOnClock || !takesTurns(deadline.kind)) {
    return run;
  }
  const from = nextDeadline(before)?.at ?? deadline.at;
  const together = await countTogether(tx, { instants: [...new Set([from, deadline.at])], now: run.now });
  const wakeAt = turnAt(deadline.at, { subscriptionId: before.id, together, perSecond });

  return wakeAt === deadline.at ? run : { ...run, standing: { ...run.standing, deadline: { ...deadline, wakeAt } } };
}
