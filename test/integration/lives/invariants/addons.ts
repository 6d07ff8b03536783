import { firstInstant } from '../life';
import { type AddonRow, at, type InvoiceRow, isOfPlan, type LineRow, type Snapshot } from '../snapshot';
import type { Invariant, InvariantContext, Known } from './known';
import {
  isDifference,
  isOverlapping,
  isTakenBackByHand,
  isTakenOff,
  isUncountedDay,
  showStretch,
  stretchesOf,
} from './service';

const linesOf = ({ lines }: Snapshot, { id }: AddonRow) => lines.filter(({ item }) => item === `addon/${id}`);
const feeLinesOf = ({ lines }: Snapshot, { id }: AddonRow) => lines.filter(({ item }) => item === `addon/${id}/setup`);
const invoicesOf = (snapshot: Snapshot, addon: AddonRow) => {
  const own = [...linesOf(snapshot, addon), ...feeLinesOf(snapshot, addon)];

  return snapshot.invoices.filter(({ id }) => own.some((line) => line.invoice_id === id));
};
const isVoid = ({ invoices }: Snapshot, { invoice_id: id }: LineRow) =>
  invoices.some((one) => one.id === id && one.status === 'void');
const isPriced = ({ price }: AddonRow) => price > 0;
/** Bought with the plan, or while it was still to begin: tried with it. */
function isTried({ addon_key: key, activated_at: since, purchased_at: bought }: AddonRow, { start }: Known): boolean {
  const { trial, addons = [], startDays = 0 } = start;
  const isOfStart = since === bought && addons.some((one) => one === key);
  const isOfBefore = startDays > 0 && since !== null && at(since) === firstInstant.getTime() + startDays * 86_400_000;

  return trial && (isOfStart || isOfBefore);
}
const show = (addon: AddonRow) => `${addon.addon_key} (addon/${addon.id}) ${addon.status}`;

/**
 * Bought with a plan that another invoice was paid for before its first, as of its next period or of a change: they count
 * with it, and the first is asked for as any other.
 */
function isAskedForSince(snapshot: Snapshot, { id, purpose, status, due_date: due }: InvoiceRow): boolean {
  const { subscription, invoices, runs } = snapshot;
  const now = at(snapshot.now);
  const isActivated =
    purpose === 'first' &&
    subscription.activated_at !== null &&
    invoices.some((one) => one.id !== id && one.status === 'paid' && isOfPlan(snapshot, one.id));
  const isDueLater = due !== null && at(due) > now;
  // What is overdue is asked for by the next step, which may be due at this very instant.
  const isAboutToBe = subscription.next_deadline_at !== null && at(subscription.next_deadline_at) <= now;

  return isActivated && (status !== 'open' || isDueLater || isAboutToBe || runs.some((run) => run.invoice_id === id));
}

/** What it costs waits for the next invoice. */
const isAddonPutOff = ({ subscription: { pending_items: pending } }: Snapshot, { id }: AddonRow): boolean =>
  pending.some(({ line }) => line?.item === `addon/${id}`);

const isBeginOfNothing = ({ snapshot, known }: InvariantContext, addon: AddonRow): boolean =>
  known.had('prorationConvention', 'none') &&
  snapshot.subscription.activated_at === null &&
  invoicesOf(snapshot, addon).every(({ total_amount: total }) => total === 0);

/** Of add-ons: billed once, paid for before they count, and over when their subscription is. */
export const addonInvariants: Invariant[] = [
  {
    rule: 'no day of an add-on is billed twice',
    holds: ({ snapshot, known }) =>
      known.had('prorationConvention', 'none') || known.had('planChangeBilling', 'grant_days')
        ? []
        : snapshot.addons.flatMap((addon) => {
            const stretches = linesOf(snapshot, addon)
              .filter((line) => !isDifference(snapshot, line))
              .flatMap((line) => stretchesOf(snapshot, line))
              .sort((one, other) => one.from - other.from);

            return stretches.flatMap((one, nth) => {
              const next = stretches[nth + 1];

              return next !== undefined && isOverlapping(one, next, known)
                ? [`${show(addon)}: ${showStretch(one)}; ${showStretch(next)}`]
                : [];
            });
          }),
  },
  {
    rule: 'an add-on that counts is on a document now, unless somebody has given it away',
    holds: (context) => {
      const { snapshot, known } = context;
      const now = at(snapshot.now);
      const isExpected =
        ['trial', 'active', 'past_due'].includes(snapshot.subscription.status) &&
        !known.had('billingTiming', 'in_arrears') &&
        !known.had('prorationConvention', 'none') &&
        now >= known.letOffUntil &&
        !isTakenBackByHand(context) &&
        !isUncountedDay(context);

      return isExpected
        ? snapshot.addons
            .filter((addon) => addon.status === 'active' && isPriced(addon) && addon.billing_period !== 'one_time')
            // Tried with its plan.
            .filter((addon) => !addon.awaits_plan)
            .filter((addon) => !isAddonPutOff(snapshot, addon))
            .filter(
              ({ id }) =>
                !snapshot.guards.some(
                  (one) =>
                    one.item === `addon/${id}` &&
                    one.released_at === null &&
                    at(one.starts_at) <= now &&
                    now < at(one.ends_at),
                ),
            )
            .map((addon) => `${show(addon)} at ${snapshot.now}, on no document`)
        : [];
    },
  },
  {
    rule: 'an add-on that waits, waits for an invoice that can be paid',
    holds: (context) =>
      context.snapshot.addons
        .filter(({ status }) => status === 'pending')
        // Before service begins nothing is billed.
        .filter(() => context.snapshot.subscription.status !== 'scheduled')
        // With its plan it waits until that is given up, although its invoice was taken back by hand.
        .filter((addon) => !addon.awaits_plan || !isTakenBackByHand(context))
        // Part of a period costs nothing by that convention: plan and add-on wait for the first money, if any ever comes.
        .filter((addon) => !addon.awaits_plan || !isBeginOfNothing(context, addon))
        .filter((addon) => !invoicesOf(context.snapshot, addon).some(({ status }) => status === 'open'))
        .map((addon) => `${show(addon)} since ${addon.purchased_at}, nothing to pay`),
  },
  {
    rule: 'nothing unlocks an add-on but money or account credit',
    holds: ({ snapshot, known }) =>
      known.had('billingTiming', 'in_arrears')
        ? []
        : snapshot.addons
            .filter((addon) => addon.activated_at !== null && isPriced(addon))
            .filter((addon) => !isTried(addon, known))
            .filter((addon) => {
              const billed = invoicesOf(snapshot, addon);
              const isOfNothing = known.had('prorationConvention', 'none') || known.had('addonAlignTo', 'subscription');
              const came = billed.some(
                (invoice) =>
                  invoice.balance_applied > 0 ||
                  isTakenOff(invoice) ||
                  isAskedForSince(snapshot, invoice) ||
                  snapshot.payments.some((one) => one.invoice_id === invoice.id && one.paid_amount > 0),
              );

              return !came && !isOfNothing && !known.wasLetOff && !known.putOff.has(addon.addon_key);
            })
            .map((addon) => `${show(addon)} since ${addon.activated_at}, and nothing came for it`),
  },
  {
    rule: 'a setup fee is billed once for each purchase that counts, whatever its quantity',
    holds: ({ snapshot }) =>
      snapshot.addons.flatMap((addon) => {
        const fees = feeLinesOf(snapshot, addon);
        const standing = fees.filter((line) => !isVoid(snapshot, line));
        const isRight = fees.every(({ unit_amount: fee, quantity }) => fee === addon.setup_fee && quantity === 1);
        // Tried with its plan, or put off, it is still to be billed; and ended before that, never.
        const isBilled =
          addon.setup_fee === 0 ||
          addon.activated_at === null ||
          addon.ended_at !== null ||
          addon.awaits_plan ||
          isAddonPutOff(snapshot, addon) ||
          fees.length > 0;

        return isRight && isBilled && standing.length <= (addon.setup_fee === 0 ? 0 : 1)
          ? []
          : [`${show(addon)}: fee ${addon.setup_fee}, lines ${JSON.stringify(fees)}`];
      }),
  },
  {
    rule: 'an add-on is over at the end of its term, and nothing is billed for after it',
    holds: ({ snapshot }) =>
      snapshot.addons.flatMap((addon) => {
        const { term_ends_at: end, status, ended_at: endedAt } = addon;

        if (end === null) {
          return [];
        }
        const late = linesOf(snapshot, addon).filter((line) => at(line.period_end) > at(end));
        const isOver = status !== 'active' || at(snapshot.now) <= at(end);

        return late.length === 0 && isOver && (endedAt === null || at(endedAt) <= at(end) || status === 'removed')
          ? []
          : [`${show(addon)}: term to ${end}, ended ${endedAt}, billed ${JSON.stringify(late)}`];
      }),
  },
  {
    rule: 'add-ons end with their subscription',
    holds: ({ snapshot: { subscription, addons } }) =>
      ['cancelled', 'expired'].includes(subscription.status)
        ? addons
            .filter(({ ended_at: end }) => end === null)
            .map((addon) => `${show(addon)}; it is ${subscription.status}`)
        : [],
  },
  {
    rule: 'what becomes of add-ons is told',
    holds: ({ snapshot: { addons, events } }) =>
      addons.flatMap((addon) => {
        const told = events
          .filter(({ type, payload }) => type.startsWith('addon.') && payload['userAddonId'] === addon.id)
          .map(({ type }) => type)
          .filter((type) => !['addon.renewed', 'addon.price.changed', 'addon.units.expired'].includes(type));
        const happened = [
          'addon.purchased',
          ...(addon.activated_at === null ? [] : ['addon.activated']),
          ...(addon.ended_at === null ? [] : [`addon.${addon.status}`]),
        ];

        return told.join() === happened.join()
          ? []
          : [`${show(addon)}: told ${told.join()}, happened ${happened.join()}`];
      }),
  },
];
