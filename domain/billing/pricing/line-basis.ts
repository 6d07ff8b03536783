import { z } from 'zod';

import type { Settings } from '../../companies/setting-catalogue';
import { prorationConventions, type ProrationSettings, type ServiceLine } from './proration-rules';
import { type InstantSpan, localDateAt } from '../../calendar/zoned-calendar';

const Span = z.object({ start: z.string(), end: z.string(), startsAt: z.number(), endsAt: z.number() });

/** What a line of service was made from, kept with it so that its credits follow the same count of days (D21). */
export const LineBasis = z.object({
  price: z.number(),
  quantity: z.number(),
  service: Span,
  denominator: Span,
  convention: z.enum(prorationConventions),
  fixedDaysOfMonth: z.number(),
  discountTiming: z.enum(['before_tax', 'after_tax']),
});
export type LineBasis = z.output<typeof LineBasis>;

/** A stretch of instants with the local dates it lies on. */
export function datedSpan({ startsAt, endsAt }: InstantSpan, timeZone: string): z.output<typeof Span> {
  return { start: localDateAt(startsAt, timeZone), end: localDateAt(endsAt, timeZone), startsAt, endsAt };
}

export function makeBasis(
  charge: {
    unitPrice: number;
    quantity: number;
    service: InstantSpan;
    denominator: InstantSpan;
    isOnce?: boolean;
    proration?: ProrationSettings | undefined;
  },
  settings: Pick<Settings, 'prorationConvention' | 'fixedDaysOfMonth' | 'discountTiming'>,
  timeZone: string,
): LineBasis {
  // What is sold once is for no length of time, so that no way to count days measures it.
  const { convention, fixedDaysOfMonth = 0 }: ProrationSettings =
    charge.isOnce === true
      ? { convention: 'by_day_exclusive_end' }
      : (charge.proration ?? {
          convention: settings.prorationConvention,
          fixedDaysOfMonth: settings.fixedDaysOfMonth,
        });

  return {
    price: charge.unitPrice,
    quantity: charge.quantity,
    service: datedSpan(charge.service, timeZone),
    denominator: datedSpan(charge.denominator, timeZone),
    convention,
    fixedDaysOfMonth,
    discountTiming: settings.discountTiming,
  };
}

/** The basis as the rules take it. */
export function toServiceLine(basis: LineBasis): ServiceLine {
  return {
    price: BigInt(basis.price),
    quantity: BigInt(basis.quantity),
    service: basis.service,
    denominator: basis.denominator,
    proration: { convention: basis.convention, fixedDaysOfMonth: basis.fixedDaysOfMonth },
  };
}
