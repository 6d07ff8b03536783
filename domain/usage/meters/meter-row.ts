import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';
import { aggregations, type MeterFilters, meterStatuses } from './meter-types';

export const MeterRow = z.object({
  id: dbInteger,
  code: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  /** Of which events it counts those that pass its filters. */
  eventName: z.string(),
  aggregation: z.enum(aggregations),
  /** What it reads of them; null for `count`. */
  property: z.string().nullable(),
  filters: z.custom<MeterFilters>(),
  status: z.enum(meterStatuses),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type MeterRow = z.output<typeof MeterRow>;

export const selectMeters = Prisma.sql`
  SELECT m.id, m.code, m.name, m.description, m.event_name AS "eventName", m.aggregation, m.property, m.filters, m.status,
         m.created_at AS "createdAt", m.updated_at AS "updatedAt"
    FROM usage.meters m`;

/** A meter as the API shows it. @param timeZone of the company */
export function viewMeter(row: MeterRow, timeZone: string) {
  return {
    ...row,
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
