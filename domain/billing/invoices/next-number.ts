import { Prisma } from '../../../platform/db/database';
import type { Numbering } from './invoice-numbering-rules';

/** The common table `counter (series, last_number)`: moves the counters on, locked until the commit (D8). */
export function counterExpression(companyId: number, { counts }: Pick<Numbering, 'counts'>): Prisma.Sql {
  return Prisma.sql`counter AS (
        INSERT INTO finance.invoice_counters AS k (company_id, series, last_number)
        SELECT ${companyId}::bigint, c.series, 1 FROM unnest(${counts}::text[]) WITH ORDINALITY AS c (series, nth) ORDER BY c.nth
        ON CONFLICT (company_id, series) DO UPDATE SET last_number = k.last_number + 1
        RETURNING series, last_number
      )`;
}

/** The number that `writeNumber` of the rules writes, of the row of `counter` whose series it is. */
export function numberExpression({ prefix, digits }: Pick<Numbering, 'prefix' | 'digits'>): Prisma.Sql {
  return Prisma.sql`${prefix} || lpad(counter.last_number::text, greatest(${digits}::int, length(counter.last_number::text)), '0')`;
}
