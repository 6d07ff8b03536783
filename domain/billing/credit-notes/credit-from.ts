import { type BilledLine, type CreditLine, creditUnusedService } from './credit-line-rules';
import { datedSpan, type LineBasis, toServiceLine } from '../pricing/line-basis';
import { type InstantSpan } from '../../calendar/zoned-calendar';

/**
 * What a line for service gives back from an instant on (epoch milliseconds): the rest of its own service, counted in the
 * days that it was made with (D21).
 */
export function creditFrom(
  line: BilledLine,
  basis: LineBasis,
  { from, timeZone }: { from: number; timeZone: string },
): { service: InstantSpan; credit: CreditLine } {
  const service = { startsAt: Math.max(from, basis.service.startsAt), endsAt: basis.service.endsAt };

  return { service, credit: creditUnusedService(line, toServiceLine(basis), datedSpan(service, timeZone)) };
}
