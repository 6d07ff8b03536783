import { createAddon } from '../../domain/catalogue/addons/create-addon';
import { createFeature } from '../../domain/catalogue/features/create-feature';
import { createPlan } from '../../domain/catalogue/plans/create-plan';
import { createProduct } from '../../domain/catalogue/products/create-product';
import { setInventory } from '../../domain/inventory/set-inventory';
import type { Database, TenantTransaction } from '../../platform/db/database';
import { demoAddons, demoFeatures, demoPlans, demoProducts } from './demo-catalogue';

/**
 * Fills the catalogue of a company that has none: products with stock, features, plans and add-ons, by the product's own
 * operations and all in one transaction. A catalogue that holds anything is left alone, so what people renamed or
 * archived does not come back at the next start.
 */
export async function seedCatalogue(database: Database, companyId: number, now: Date): Promise<void> {
  await database.withTenant(companyId, async (tx) => {
    // Two starts at once: the second waits, and finds the catalogue of the first.
    await tx.orm.$executeRaw`SELECT FROM platform.companies WHERE id = ${companyId} FOR NO KEY UPDATE`;

    if (await hasCatalogue(tx)) {
      return;
    }

    for (const { stock, reorderLevel, ...product } of demoProducts) {
      const created = await createProduct(tx, { product, now });
      const { id: productId } = created.product;
      await setInventory(tx, { productId, quantity: stock, reorderLevel, reason: 'demo', userId: null, now });
    }

    for (const feature of demoFeatures) {
      await createFeature(tx, { feature, now });
    }

    for (const plan of demoPlans) {
      await createPlan(tx, { plan, now });
    }

    for (const addon of demoAddons) {
      await createAddon(tx, { addon, now });
    }
  });
}

async function hasCatalogue(tx: TenantTransaction): Promise<boolean> {
  const where = { companyId: tx.companyId };
  const select = { id: true } as const;
  const found = [
    await tx.orm.product.findFirst({ where, select }),
    await tx.orm.plan.findFirst({ where, select }),
    await tx.orm.feature.findFirst({ where, select }),
    await tx.orm.addon.findFirst({ where, select }),
  ];

  return found.some((row) => row !== null);
}
