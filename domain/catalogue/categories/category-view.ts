import { formatInstant } from '../../../platform/instant';
import type { CategoryRow } from './category-row';

/** A category as the API shows it. @param timeZone of the company */
export function viewCategory({ nameText: _text, ...row }: CategoryRow, timeZone: string) {
  return {
    ...row,
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
