import { formatInstant } from '../../platform/instant';

export interface CompanyRow {
  id: number;
  slug: string;
  name: string;
  status: string;
  businessModel: string;
  isSandbox: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export type CompanyView = ReturnType<typeof viewCompany>;

/** A company as operators see it. Times are in the installation's default zone: the list reads no company's settings. */
export function viewCompany(row: CompanyRow) {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    status: row.status,
    businessModel: row.businessModel,
    isSandbox: row.isSandbox,
    createdAt: formatInstant(row.createdAt),
    updatedAt: formatInstant(row.updatedAt),
  };
}
