import { prorate, type ProrationSettings, type ServiceSpan, shareOfPeriod } from './proration-rules';

/** A line for service: a price, the days it is for, and the period those days are measured by. */
export interface ServiceLine {
  /** minor units for one seat and one whole period */
  readonly price: bigint;
  /** seats, 1 when absent */
  readonly quantity?: bigint;
  readonly service: ServiceSpan;
  readonly denominator: ServiceSpan;
  readonly proration: ProrationSettings;
}

/** A charge: share × price × quantity, rounded half up once. Minor units. */
export function chargeAmount({ price, quantity = 1n, service, denominator, proration }: ServiceLine): bigint {
  return prorate(price, shareOfPeriod(service, denominator, proration), quantity);
}

/** The unused part given back: the same amount with a minus sign. `credit-line-rules.ts` caps it by its line. */
export function repairAmount(line: ServiceLine): bigint {
  return -chargeAmount(line);
}
