import { type CallPriceName, callPrices, costOfCalls } from '../call-prices';
import { codes } from '../life';
import { at, type LineRow, type Snapshot, sum, type UsageOfLine } from '../snapshot';
import type { Invariant } from './known';

const dearest = 130;
const valueOf = ({ properties }: Snapshot['usage'][number]) => Number(properties.value);
const usageLines = ({ lines }: Snapshot) => lines.filter(({ usage }) => usage !== null);
/** Of one stretch, which may end sooner than it was to when part of it was billed early. */
const isOf = (one: LineRow, other: LineRow) => one.item === other.item && one.period_start === other.period_start;

/** Amounts that a line of usage may come to by one of the prices of its model: which of its first events are free is not looked into. */
function costsOf({ model, quantity, prepaidQuantity = '0', events, isEarly }: UsageOfLine): number[] {
  const uncovered = Number(quantity) - Number(prepaidQuantity);
  const free = model === 'percentage' ? [0, 1, 2].filter((some) => some <= events) : [0];

  return (
    (Object.keys(callPrices) as CallPriceName[])
      .filter((name) => callPrices[name].model === model)
      .flatMap((name) => free.map((some) => costOfCalls(name, uncovered, { all: events, free: some })))
      // The least that a period costs waits for its end.
      .flatMap((cost) =>
        isEarly === true && model === 'package' ? [cost, 9_999 * Math.ceil(uncovered / 300)] : [cost],
      )
  );
}

/** Of what is used, and of codes. */
export const saleInvariants: Invariant[] = [
  {
    rule: 'what was used is billed once: never beyond its dearest price',
    holds: (context) => {
      const { snapshot } = context;
      const billed = sum(usageLines(snapshot), ({ subtotal }) => subtotal);
      const most = sum(snapshot.usage, valueOf) * dearest;
      const isOfUnits = usageLines(snapshot).every(({ usage }) => usage?.model === 'per_unit');

      return billed <= most || !isOfUnits ? [] : [`${billed} for usage, at most ${most}`];
    },
  },
  {
    rule: 'usage of a stretch comes to its price, whatever came late',
    holds: ({ snapshot }) =>
      usageLines(snapshot)
        .filter((line, _, all) => all.findLast((other) => isOf(line, other)) === line)
        .flatMap((line) => {
          const invoice = snapshot.invoices.find(({ id }) => id === line.invoice_id);
          const within = snapshot.usage.filter(
            (one) => at(one.occurred_at) >= at(line.period_start) && at(one.occurred_at) < at(line.period_end),
          );
          const issuedAt = at(invoice?.created_at ?? line.period_end);
          const most = sum(
            within.filter((one) => at(one.recorded_at) <= issuedAt),
            valueOf,
          );
          // What is told in the very moment of the invoice came before it, or after.
          const least = sum(
            within.filter((one) => at(one.recorded_at) < issuedAt),
            valueOf,
          );
          const used = Number(line.usage?.quantity);
          const all = usageLines(snapshot).filter((other) => isOf(line, other));
          const holdsTax = line.tax_behavior === 'inclusive';
          const billed = sum(all, ({ subtotal, tax }) => subtotal + (holdsTax ? tax : 0));
          const owed = line.usage?.amount ?? 0;
          // Who is exempt pays the price without the tax that it holds.
          const isLess = holdsTax && all.some(({ tax }) => tax === 0) && billed < owed;

          // More of it may have a lower price: what was billed before stays.
          const isKept = line.usage?.model === 'volume' && billed >= owed;

          return least <= used && used <= most && (billed === owed || isLess || isKept)
            ? []
            : [`line ${line.id}: ${billed} for ${used}, used ${least} to ${most}, owed ${owed}`];
        }),
  },
  {
    rule: 'what top-ups do not cover of a stretch costs a price of its own',
    holds: ({ snapshot }) =>
      usageLines(snapshot).flatMap(({ id, usage }) => {
        const uncovered = Number(usage?.quantity) - Number(usage?.prepaidQuantity ?? 0);

        return usage !== null && uncovered >= 0 && costsOf(usage).includes(usage.amount)
          ? []
          : [`line ${id}: ${JSON.stringify(usage)}`];
      }),
  },
  {
    rule: 'no stretch of time is metered twice by the plan',
    holds: ({ snapshot }) => {
      const stretches = usageLines(snapshot)
        .filter((line, _, all) => all.findLast((other) => isOf(line, other)) === line)
        .sort((one, other) => at(one.period_start) - at(other.period_start));

      return stretches.flatMap((one, nth) => {
        const next = stretches[nth + 1];

        return next !== undefined && at(next.period_start) < at(one.period_end)
          ? [`lines ${one.id} and ${next.id}: ${one.period_end}, ${next.period_start}`]
          : [];
      });
    },
  },
  {
    rule: 'a discount is what its codes take off, and never more than its line with the tax',
    holds: ({ snapshot: { lines } }) =>
      lines
        .filter(
          ({ discount, subtotal, tax, promotion_discounts: of }) =>
            discount > subtotal + tax || discount < 0 || sum(of ?? [], ({ amount }) => amount) !== discount,
        )
        .map(
          (line) =>
            `line ${line.id}: ${line.discount} of ${line.subtotal}, ${JSON.stringify(line.promotion_discounts)}`,
        ),
  },
  {
    rule: 'a code takes something off as many periods as it holds for, each time it is applied',
    holds: ({ snapshot }) =>
      Object.entries(codes).flatMap(([code, { periods }]) => {
        // What a change has put off rides on the invoice of the next period, and may share a discount with it.
        const starts = snapshot.lines
          .filter(({ promotion_discounts: of }) => (of ?? []).some((one) => one.code === code))
          .filter(({ item }) => item === 'plan')
          .flatMap((line) => snapshot.invoices.find(({ id }) => id === line.invoice_id) ?? [])
          .filter(({ purpose, status }) => purpose === 'renewal' && status !== 'void')
          .map((invoice) => invoice.period_start);
        const times = new Set(starts).size;
        // Once it is over it may be applied anew, as often as its promotion lets a customer.
        const applied = snapshot.redemptions.filter((one) => one.code === code).length;
        const given = periods === null ? Infinity : periods * applied;

        return times > given ? [`${code}: ${times} periods, ${given} given`] : [];
      }),
  },
];
