import type { ErrorCode } from '../../error-codes';
import { lateUsageMs } from './late-usage-rules';
import { type Aggregation, type MeterFilters, valueProperty } from '../meters/meter-types';

/** Clocks of senders run ahead of ours by seconds, not by more than this. */
const mostAheadMs = 5 * 60_000;

export type PropertyValue = string | number | boolean;

export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly customerId: number;
  /** epoch milliseconds */
  readonly at: number;
  readonly properties: Readonly<Record<string, PropertyValue>>;
}

/** What an event is judged by of a meter that counts events of its name. */
export interface EventMeter {
  readonly id: number;
  readonly code: string;
  readonly aggregation: Aggregation;
  readonly property: string | null;
  readonly filters: MeterFilters;
}

/** A subscription of the event's customer that has ended, by a meter that it billed. Epoch milliseconds. */
export interface EndedMetering {
  readonly meterId: number;
  readonly startsAt: number;
  readonly endedAt: number;
}

/** What an event is judged by of its customer. */
export interface EventCustomer {
  /** epoch milliseconds */
  readonly now: number;
  /** Beside those that have ended has a subscription that has not, which may count what is used; asked only where one has ended. */
  readonly isSubscribed: boolean;
  readonly ended: readonly EndedMetering[];
}

export interface Rejection {
  readonly code: ErrorCode;
  /** Member of the event, as a JSON pointer below it. */
  readonly field: string;
  readonly detail: string;
}

/**
 * Why an event cannot be recorded; null when it can.
 * @param by.meters the active ones that count events of its name
 * @param by.customer null when there is no such customer
 */
export function rejectionOf(
  event: ReadEvent,
  by: { meters: readonly EventMeter[]; customer: EventCustomer | null },
): Rejection | null {
  const { meters, customer } = by;

  if (customer === null) {
    const detail = `There is no customer ${event.customerId}.`;

    return { code: 'customer_not_found', field: '/customerId', detail };
  }
  if (meters.length === 0) {
    return { code: 'meter_not_found', field: '/event', detail: `No active meter counts events named ${event.event}.` };
  }
  if (event.at > customer.now + mostAheadMs) {
    const detail = `timestamp is ${durationText(event.at - customer.now)} ahead of now; at most 5 minutes are taken.`;

    return { code: 'usage_in_future', field: '/timestamp', detail };
  }

  const counting = meters.filter(({ filters }) => passes(event, filters));

  return (
    unbillable(event, counting, customer) ??
    counting.map((meter) => unreadable(event, meter)).find((found) => found !== null) ??
    null
  );
}

/** Why no subscription would bill an event that each of its meters was billed by one which has ended; null where one may. */
function unbillable(event: ReadEvent, meters: readonly EventMeter[], customer: EventCustomer): Rejection | null {
  const reasons = meters.map(({ id }) => missed(event, id, customer));
  const [first = null] = reasons;

  return reasons.includes(null) ? null : first;
}

function missed({ at }: ReadEvent, meterId: number, { ended, isSubscribed, now }: EventCustomer): Rejection | null {
  const of = ended.filter((one) => one.meterId === meterId);
  const during = of.find(({ startsAt, endedAt }) => startsAt <= at && at < endedAt);

  if (during !== undefined) {
    return during.endedAt + lateUsageMs > now
      ? null
      : {
          code: 'usage_too_late',
          field: '/timestamp',
          detail: `Its subscription ended ${durationText(now - during.endedAt)} ago; usage is taken up to ${durationText(lateUsageMs)} later.`,
        };
  }
  const end = Math.max(...of.map(({ endedAt }) => endedAt));

  return isSubscribed || !(at >= end) || of.length === 0
    ? null
    : {
        code: 'usage_after_end',
        field: '/timestamp',
        detail: `timestamp is after the end of the subscription that this was metered by, ${new Date(end).toISOString()}.`,
      };
}

/** Whether an event has one of the texts that each filter allows. */
function passes({ properties }: ReadEvent, filters: MeterFilters): boolean {
  return Object.entries(filters).every(
    ([name, texts]) => Object.hasOwn(properties, name) && texts.includes(String(properties[name])),
  );
}

function unreadable({ properties }: ReadEvent, { code, aggregation, property }: EventMeter): Rejection | null {
  if (property === null) {
    return null;
  }
  const value = Object.hasOwn(properties, property) ? properties[property] : undefined;
  const isReadable = aggregation === 'unique_count' ? value !== undefined : isDecimal(value);

  if (isReadable) {
    return null;
  }
  const wanted = aggregation === 'unique_count' ? 'a value' : 'a number of at most 15 digits and 12 decimals';
  const found = value === undefined ? 'it is missing' : `not ${JSON.stringify(value).slice(0, 60)}`;

  return {
    code: 'usage_value_invalid',
    field: property === valueProperty ? '/value' : `/properties/${property}`,
    detail: `The meter ${code} reads ${wanted} in ${property}; ${found}.`,
  };
}

/** What PostgreSQL reads as a decimal too (domain/usage/read-usage.ts). */
function isDecimal(value: PropertyValue | undefined): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value) && Math.abs(value) < 1e15
    : typeof value === 'string' && /^-?\d{1,15}(\.\d{1,12})?$/.test(value);
}

function durationText(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);

  return minutes < 120
    ? `${minutes} minutes`
    : minutes < 2 * 1_440
      ? `${Math.ceil(minutes / 60)} hours`
      : `${Math.ceil(minutes / 1_440)} days`;
}
