import { formatInstant } from '../../../platform/instant';
import type { FeatureRow } from './feature-row';

/** A feature as the API shows it. @param timeZone of the company */
export function viewFeature(row: FeatureRow, timeZone: string) {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    description: row.description,
    kind: row.kind,
    unit: row.unit,
    meter: row.meter,
    status: row.status,
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
