import { callsOf, extraOf, tierOf } from '../features';
import { topUps, type AddonName, type PlanName } from '../life';
import { type AddonRow, at, type LineRow, type Snapshot, sum } from '../snapshot';
import type { Invariant, InvariantContext } from './known';
import { billedStretchesOf } from './service';

/** Whether there is access at all while it stands so, by D17 and D23. */
function isHeld({ snapshot: { subscription }, known: { settings } }: InvariantContext): boolean {
  const { status } = subscription;

  return ['trial', 'active'].includes(status) || (status === 'past_due' && settings.dunningKeepsAccess);
}

/** The plan that counts, and seats: before its first payment the free one that it followed, if it followed one. */
function planThatCounts(context: InvariantContext): { plan: string; seats: number } | null {
  const { snapshot, known } = context;
  const { subscription } = snapshot;
  const { status, activated_at: activatedAt, billing_timing: timing, plan_name: plan, quantity } = subscription;
  const counts =
    status === 'trial' || activatedAt !== null || timing === 'in_arrears' || known.settings.accessBeforeFirstPayment;

  if (!isHeld(context)) {
    return null;
  }

  if (counts) {
    return isRefunded(context, 'plan') ? null : { plan, seats: quantity };
  }
  const fallback = subscription.invoice_roles.find(({ role }) => role === 'first')?.fallback ?? null;

  return fallback === null ? null : { plan: 'free', seats: fallback.quantity };
}

/**
 * Money for its days was given back as a whole, and no document stands for them: nothing else does. What is bought once is
 * given back for ever. Days that were bought instead of others are on no line.
 */
function isRefunded({ snapshot, known }: InvariantContext, item: string, isOnce = false): boolean {
  const now = at(snapshot.now);
  const covers = (line: LineRow) => isOnce || (at(line.period_start) <= now && now < at(line.period_end));
  const lines = snapshot.lines.filter((line) => line.item === item && line.usage === null && covers(line));
  const stands = lines.some((line) =>
    billedStretchesOf(snapshot, line).some(({ from, to }) => isOnce || (from <= now && now < to)),
  );
  const refunded = snapshot.payments.filter(({ status }) => status === 'refunded').map((one) => one.invoice_id);

  return !known.settings.refundKeepsAccess && !stands && lines.some((line) => refunded.includes(line.invoice_id));
}

/** Add-ons that count, but for top-ups. */
function addonsThatCount(context: InvariantContext): AddonRow[] {
  const { snapshot, known } = context;
  const { accessBeforeFirstPayment: isEarly, dunningKeepsAccess: keeps } = known.settings;
  const dunned = snapshot.runs.filter(({ status }) => status === 'active').map((run) => run.invoice_id);
  const isDunned = ({ id }: AddonRow) =>
    snapshot.lines.some(
      ({ item, invoice_id: invoiceId }) =>
        (item === `addon/${id}` || item === `addon/${id}/setup`) && dunned.includes(invoiceId),
    );

  return !isHeld(context)
    ? []
    : snapshot.addons
        .filter(({ prepaid_units: units }) => units === null)
        .filter(({ status }) => status === 'active' || (status === 'pending' && isEarly))
        .filter((addon) => keeps || !isDunned(addon))
        .filter((addon) => !isRefunded(context, `addon/${addon.id}`, addon.billing_period === 'one_time'));
}

const topUpsThatCount = (context: InvariantContext): AddonRow[] =>
  isHeld(context)
    ? context.snapshot.addons
        .filter(
          ({ prepaid_units: units, activated_at: since, ended_at: end }) =>
            units !== null && since !== null && end === null,
        )
        .filter(({ id }) => !isRefunded(context, `addon/${id}`, true))
    : [];

/** Whether documents say what days of a plan stand for: those that were bought in place of others do not. */
const isReadable = ({ known }: InvariantContext) => !known.had('planChangeBilling', 'grant_days');

const heldOf = ({ held }: Snapshot, code: string) => held.find((one) => one.code === code)?.tellable ?? 0;

/** Of what a customer may use: it is what is paid, tried or left, and each change of it is told. */
export const entitlementInvariants: Invariant[] = [
  {
    rule: 'what a customer may use is what its plan gives that counts',
    holds: (context) => {
      const { snapshot } = context;
      const counts = planThatCounts(context);
      const expected = counts === null ? '0 × 0' : `${tierOf(counts.plan)} × ${counts.seats}`;
      const held = `${heldOf(snapshot, 'tier')} × ${heldOf(snapshot, 'seats')}`;

      return held === expected || !isReadable(context)
        ? []
        : [`${snapshot.subscription.status} at ${snapshot.now}: tier × seats ${held}, expected ${expected}`];
    },
  },
  {
    rule: 'what a customer may use is what its add-ons give that count',
    holds: (context) => {
      const { snapshot } = context;
      const expected = sum(
        addonsThatCount(context),
        ({ addon_key: key, quantity }) => extraOf[key as AddonName] * quantity,
      );
      const held = heldOf(snapshot, 'extras');

      return held === expected || !isReadable(context)
        ? []
        : [`${snapshot.subscription.status} at ${snapshot.now}: extras ${held}, expected ${expected}`];
    },
  },
  {
    rule: 'what is there or not is there where one of them gives it',
    holds: (context) => {
      const { plan = 'free' } = planThatCounts(context) ?? {};
      const expected = plan !== 'free' || addonsThatCount(context).some((one) => one.addon_key === 'storage');
      const held = context.snapshot.held.some(({ code, isEntitled }) => code === 'support' && isEntitled);

      return held === expected || !isReadable(context) ? [] : [`support ${held}, expected ${expected}`];
    },
  },
  {
    rule: 'calls that a customer may make are those of its plan and of its top-ups, less what was used',
    holds: (context) => {
      const { snapshot } = context;
      const ofPlan = callsOf[(planThatCounts(context)?.plan ?? 'free') as PlanName] ?? 0;
      const bought = sum(
        topUpsThatCount(context),
        ({ addon_key: key, quantity }) => topUps[key as keyof typeof topUps].units * quantity,
      );
      const one = snapshot.held.find(({ code }) => code === 'calls');
      const { limit = 0, remaining = '0', prepaid = null, isEntitled = false } = one ?? {};
      const left = Number(remaining) - Number(prepaid ?? 0);
      const isRight =
        limit === ofPlan + bought &&
        left >= 0 &&
        left <= ofPlan &&
        Number(prepaid ?? 0) <= bought &&
        isEntitled === Number(remaining) > 0;

      return isRight || !isReadable(context)
        ? []
        : [`${JSON.stringify(one)}, ${ofPlan} of the plan and ${bought} bought, at ${snapshot.now}`];
    },
  },
  {
    rule: 'what was told of entitlements is what they are',
    holds: ({ snapshot, known: { isAccessReset } }) => {
      const told = new Map(snapshot.toldEntitlements.map(({ payload }) => [payload.feature, payload.value]));
      const codes = new Set([...told.keys(), ...snapshot.held.map(({ code }) => code)]);

      return [...codes].flatMap((code) => {
        const now = snapshot.held.find((one) => one.code === code)?.tellable ?? null;
        const last = told.get(code) ?? null;

        return now === last || isAccessReset
          ? []
          : [`${code}: told ${last}, is ${now}; ${snapshot.subscription.status} at ${snapshot.now}`];
      });
    },
  },
  {
    rule: 'each change of an entitlement is told once, from what was told before',
    holds: ({ snapshot: { toldEntitlements: told } }) =>
      told.flatMap(({ type, payload: { feature, value, previous } }, nth) => {
        const before = told.slice(0, nth).findLast((one) => one.payload.feature === feature)?.payload.value ?? null;
        const kind = previous === null ? 'granted' : value === null ? 'revoked' : 'changed';

        return before === previous && previous !== value && type === `entitlement.${kind}`
          ? []
          : [`${type} ${feature}: ${previous} → ${value}, before it ${before}`];
      }),
  },
];
