import { localDateAt } from '../../calendar/zoned-calendar';
import type { Settings } from '../../companies/setting-catalogue';
import type { Taxation, TaxPoint } from './tax-types';

/** What a document that is made at an instant is taxed by: the company's own day decides. */
export function taxPointAt(
  at: number,
  { rates, taxStatus }: Pick<Taxation, 'rates' | 'taxStatus'>,
  settings: Pick<Settings, 'timeZone' | 'taxRatePpm'>,
): TaxPoint {
  return { rates, date: localDateAt(at, settings.timeZone), companyRatePpm: settings.taxRatePpm, taxStatus };
}
