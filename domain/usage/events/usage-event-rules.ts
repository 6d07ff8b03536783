import type { ErrorCode } from '../../error-codes';
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
  readonly code: string;
  readonly aggregation: Aggregation;
  readonly property: string | null;
  readonly filters: MeterFilters;
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
 * @param by.now of its customer, epoch milliseconds; null when there is no such customer
 */
export function rejectionOf(
  event: ReadEvent,
  by: { meters: readonly EventMeter[]; now: number | null },
): Rejection | null {
  const { meters, now } = by;

  if (now === null) {
    const detail = `There is no customer ${event.customerId}.`;

    return { code: 'customer_not_found', field: '/customerId', detail };
  }
  if (meters.length === 0) {
    return { code: 'meter_not_found', field: '/event', detail: `No active meter counts events named ${event.event}.` };
  }
  if (event.at > now + mostAheadMs) {
    const detail = `timestamp is ${durationText(event.at - now)} ahead of now; at most 5 minutes are taken.`;

    return { code: 'usage_in_future', field: '/timestamp', detail };
  }

  return (
    meters
      .filter(({ filters }) => passes(event, filters))
      .map((meter) => unreadable(event, meter))
      .find((found) => found !== null) ?? null
  );
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
