import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { standardCategory } from '../../billing/taxes/tax-rules';

const Known = z.object({ categories: z.array(z.string()) });

/**
 * Whether what is sold may be in a tax category: the standard one, or one of the company's tax rates, archived or not. A
 * company that has no tax rates yet may name any, as they change nothing.
 * @throws AppError tax_category_not_found on /taxCategory
 */
export async function requireTaxCategory(tx: TenantSql, taxCategory: string | undefined): Promise<void> {
  if (taxCategory === undefined || taxCategory === standardCategory) {
    return;
  }
  const [known] = await tx.query(
    Known,
    Prisma.sql`SELECT coalesce(array_agg(DISTINCT t.tax_category ORDER BY t.tax_category), '{}') AS categories FROM product.tax_rates t
                WHERE t.company_id = ${tx.companyId}::bigint`,
  );
  const categories = known?.categories ?? [];

  if (categories.length > 0 && !categories.includes(taxCategory)) {
    const others = categories.filter((one) => one !== standardCategory);
    throw new AppError('tax_category_not_found', {
      field: '/taxCategory',
      detail: `No tax rate is of ${taxCategory}; there is ${[standardCategory, ...others].join(', ')}.`,
    });
  }
}
