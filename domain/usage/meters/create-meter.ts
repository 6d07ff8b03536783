import type { TenantTransaction } from '../../../platform/db/database';
import { entryTaken } from '../../catalogue/entry-taken';
import { appendEvents } from '../../events/append-events';
import { searchTextOf } from '../../search/search-rules';
import type { MeterRow } from './meter-row';
import { valueProperty } from './meter-types';
import { findMeter, readMeter } from './read-meters';

export type NewMeter = Pick<MeterRow, 'code' | 'name' | 'aggregation'> &
  Partial<Pick<MeterRow, 'description' | 'eventName' | 'filters'>> & {
    property?: string | undefined;
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
  };

/**
 * Adds a meter. It counts the events that are named as its code unless told otherwise, and reads their `value`.
 * @throws AppError already_exists on /code
 */
export async function createMeter(tx: TenantTransaction, input: { meter: NewMeter; now: Date }): Promise<MeterRow> {
  const { meter, now } = input;
  const [created] = await tx.orm.meter.createManyAndReturn({
    data: [
      {
        ...(meter.id === undefined ? {} : { id: meter.id }),
        companyId: tx.companyId,
        code: meter.code,
        name: meter.name,
        description: meter.description ?? null,
        eventName: meter.eventName ?? meter.code,
        aggregation: meter.aggregation,
        property: meter.aggregation === 'count' ? null : (meter.property ?? valueProperty),
        filters: JSON.parse(JSON.stringify(meter.filters ?? {})) as object,
        searchText: meterSearchText(meter),
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    return findRepeated(tx, meter);
  }

  const row = await readMeter(tx, Number(created.id));
  await appendEvents(tx, {
    subject: `meter/${row.id}`,
    events: [{ type: 'meter.created', payload: meterPayload(row) }],
    now,
  });

  return row;
}

/** What meter.created and meter.updated tell. */
export function meterPayload(row: MeterRow): Record<string, unknown> {
  const { id, code, name, eventName, aggregation, property, filters, status } = row;

  return { id, code, name, eventName, aggregation, property, filters, status };
}

export function meterSearchText(meter: Pick<NewMeter, 'name' | 'code' | 'description'>): string {
  return searchTextOf([meter.name, meter.code, meter.description ?? null]);
}

async function findRepeated(tx: TenantTransaction, meter: NewMeter): Promise<MeterRow> {
  const own = meter.id === undefined ? null : await findMeter(tx, meter.id);

  if (own !== null) {
    return own;
  }

  const holder = await tx.orm.meter.findUnique({
    where: { companyId_code: { companyId: tx.companyId, code: meter.code } },
    select: { id: true, status: true },
  });

  throw entryTaken('meter', 'code', holder && { id: holder.id, isArchived: holder.status === 'archived' });
}
