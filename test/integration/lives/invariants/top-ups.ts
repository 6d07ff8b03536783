import { type AddonRow, at, type Snapshot, sum } from '../snapshot';
import type { Invariant } from './known';

const topUpsOf = ({ addons }: Snapshot) =>
  addons.filter(({ prepaid_units: units, activated_at: since }) => units !== null && since !== null);
const boughtOf = ({ prepaid_units: units, quantity }: AddonRow) => (units ?? 0) * quantity;
const show = (topUp: AddonRow) =>
  `${topUp.addon_key} (addon/${topUp.id}) ${topUp.status}, ${boughtOf(topUp)} bought, ${topUp.prepaid_returned ?? 0} returned`;
const expiredOf = ({ events }: Snapshot, { id }: AddonRow) =>
  events.filter(({ type, payload }) => type === 'addon.units.expired' && payload['userAddonId'] === id);

/** Uses in the time of a top-up that were known at its end. */
const usedOf = ({ usage, now }: Snapshot, { activated_at: since, ended_at: end }: AddonRow) =>
  sum(
    usage.filter(
      (one) =>
        at(one.occurred_at) >= at(since ?? now) &&
        at(one.occurred_at) < at(end ?? now) &&
        at(one.recorded_at) <= at(end ?? now),
    ),
    ({ properties }) => properties.value,
  );

/** When all that was paid for it was refunded; null: it was not. */
function refundedAtOf({ guards, lines, payments }: Snapshot, { id }: AddonRow): string | null {
  const own = guards.filter(({ item }) => item === `addon/${id}`);
  const line = lines.find(({ item }) => item === `addon/${id}`);
  const isRefunded = payments.some((one) => one.invoice_id === line?.invoice_id && one.status === 'refunded');

  return isRefunded && own.every((one) => one.released_at !== null) ? (own.at(-1)?.released_at ?? null) : null;
}

/** Of units that were bought ahead. */
export const topUpInvariants: Invariant[] = [
  {
    rule: 'what is covered was bought, and its money not given back before',
    holds: ({ snapshot, known }) => {
      const last = snapshot.lines.filter(
        (line, _, all) =>
          line.usage !== null &&
          all.findLast((other) => other.usage !== null && other.period_start === line.period_start) === line,
      );
      const covered = sum(last, ({ usage }) => Number(usage?.prepaidQuantity ?? 0));
      const paid = sum(topUpsOf(snapshot), (one) => {
        const refundedAt = known.had('refundKeepsAccess', true) ? null : refundedAtOf(snapshot, one);
        const most = boughtOf(one) - (one.prepaid_returned ?? 0);

        return refundedAt === null ? most : Math.min(most, usedOf(snapshot, { ...one, ended_at: refundedAt }));
      });

      return covered <= paid ? [] : [`${covered} covered, ${paid} paid for`];
    },
  },
  {
    rule: 'a top-up ends when its units expire, or before',
    holds: ({ snapshot }) =>
      topUpsOf(snapshot)
        .filter(({ prepaid_days: days, activated_at: since, ended_at: end }) => {
          const expiry = days === null || since === null ? Infinity : at(since) + days * 86_400_000;

          return at(end ?? snapshot.now) > expiry;
        })
        .map((topUp) => `${show(topUp)} since ${topUp.activated_at}, at ${snapshot.now}`),
  },
  {
    rule: 'units that expire unused are told of, once',
    holds: ({ snapshot }) =>
      topUpsOf(snapshot).flatMap((topUp) => {
        const told = expiredOf(snapshot, topUp);
        const unused = Number(told[0]?.payload['unusedUnits'] ?? 0);
        const isExpired = topUp.end_reason === 'its units expired';
        // What others have drawn of the same usage is not looked into; what is refunded holds no units that could expire.
        const mayHold = isExpired && refundedAtOf(snapshot, topUp) === null;
        const least = mayHold ? Math.max(0, boughtOf(topUp) - usedOf(snapshot, topUp)) : 0;
        const isRight = isExpired
          ? told.length === (unused > 0 ? 1 : 0) && least <= unused && unused <= boughtOf(topUp)
          : told.length === 0;

        return isRight ? [] : [`${show(topUp)}: told ${JSON.stringify(told)}, unused at least ${least}`];
      }),
  },
  {
    rule: 'units that are given back for money give back their part of what was billed',
    holds: ({ snapshot }) =>
      topUpsOf(snapshot).flatMap((topUp) => {
        const line = snapshot.lines.find(({ item }) => item === `addon/${topUp.id}`);
        const credited = snapshot.noteLines.filter(({ invoice_line_id: of }) => of === line?.id);
        const returned = topUp.prepaid_returned;
        const refunded = snapshot.refunds.length > 0 || snapshot.invoices.some(({ status }) => status === 'void');

        // What went back by other roads leaves less, and a price with its tax is given back with it.
        if (
          line === undefined ||
          returned === null ||
          credited.length > 1 ||
          refunded ||
          topUp.tax_behavior !== 'exclusive'
        ) {
          return [];
        }
        const owed = Math.round((line.subtotal * returned) / boughtOf(topUp));
        const given = -sum(credited, ({ subtotal }) => subtotal);

        return given === owed || given === 0
          ? []
          : [`${show(topUp)}: ${given} of ${line.subtotal} given back, ${owed} owed`];
      }),
  },
];
