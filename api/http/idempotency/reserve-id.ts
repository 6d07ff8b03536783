import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import type { ReservableTarget } from '../pipeline/route';

/** Whose `id` column a target's ids come from. */
const tables: Readonly<Record<ReservableTarget, string>> = {
  company: 'platform.companies',
  user: 'customer.users',
  customer: 'customer.customers',
  product: 'product.products',
  category: 'product.categories',
  plan: 'product.plans',
  feature: 'product.features',
  addon: 'product.addons',
  pricingRule: 'product.pricing_rules',
  priceMove: 'ordering.price_moves',
  deployment: 'platform.deployments',
  promotion: 'product.promotions',
  promotionCode: 'product.promotion_codes',
  taxRate: 'product.tax_rates',
  meter: 'usage.meters',
  meterPrice: 'usage.meter_prices',
  order: 'ordering.orders',
  payment: 'finance.payments',
  refund: 'finance.refunds',
  creditGrant: 'finance.credit_grants',
  creditNote: 'finance.credit_notes',
  balanceEntry: 'finance.balance_entries',
  subscription: 'ordering.subscriptions',
  testClock: 'ordering.test_clocks',
  entitlementOverride: 'ordering.entitlement_overrides',
};

const Reserved = z.object({ id: dbInteger });

/** SQL for the next id of a target; NULL for none. */
export function nextId(target: ReservableTarget | undefined): Prisma.Sql {
  return target === undefined
    ? Prisma.sql`NULL::bigint`
    : Prisma.sql`nextval(pg_get_serial_sequence(${tables[target]}, 'id'))`;
}

/** Reserves an id; one that is never used leaves a gap, which ids may have. */
export async function reserveId(database: Database, target: ReservableTarget): Promise<number> {
  const [row] = await database.system.query(Reserved, Prisma.sql`SELECT ${nextId(target)} AS id`);

  return (row as z.output<typeof Reserved>).id;
}
