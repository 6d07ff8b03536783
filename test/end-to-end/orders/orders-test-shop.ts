import { randomUUID } from 'node:crypto';

import type { Answer, ApiClient } from '../../environment/api-client';
import type { TestUser } from '../../environment/test-company';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

export interface TestShop {
  company: SignedUpCompany;
  manager: ApiClient;
  staff: ApiClient;
  addProduct(fields?: { stock?: number; price?: number; currency?: string; reorderLevel?: number }): Promise<number>;
  addBuyer(): Promise<TestUser & { customerId: number; api: ApiClient }>;
  /** Names of the events of a subject, oldest first. */
  eventsOf(subject: string): Promise<string[]>;
}

/** A fresh company that sells, with shoppers who have an API client of their own. */
export async function openShop(options: Parameters<typeof signUpCompany>[0] = {}): Promise<TestShop> {
  const system = testSystem();
  const company = await signUpCompany(options);
  const manager = system.api.with({ token: company.manager.token });

  return {
    company,
    manager,
    staff: system.api.with({ token: company.staff.token }),
    async addProduct({ stock = 100, price = 50_000, currency = 'VND', reorderLevel } = {}) {
      const { body } = await manager.post('/products', { sku: randomUUID(), name: 'Áo dài', price, currency, stock });

      if (reorderLevel !== undefined) {
        await manager.put(`/inventory/${body.id}`, { reorderLevel });
      }

      return body.id;
    },
    async addBuyer() {
      const shopper = await company.addShopper();

      return { ...shopper, api: system.api.with({ token: shopper.token }) };
    },
    async eventsOf(subject) {
      const rows = await system.query<{ type: string }>(
        'SELECT type FROM platform.events WHERE company_id = $1 AND subject = $2 ORDER BY subject_seq',
        [company.id, subject],
      );

      return rows.map(({ type }) => type);
    },
  };
}

/** Body of an order of some units of one product. */
export function orderOf(productId: number, fields: Record<string, unknown> = {}, quantity = 1): object {
  return { items: [{ productId, quantity }], shippingAddress: '12 Tràng Tiền, Hà Nội', ...fields };
}

/** `409 out_of_stock /items`: status, code and field of a problem in one line. */
export function problemOf({ status, body }: Answer): string {
  return `${status} ${body.code} ${body.field ?? ''}`.trim();
}

/** Asks again until the answer is as wished; then, or when time is up, gives the last answer to be looked at. */
export async function until<Value>(
  ask: () => Promise<Value>,
  isWished: (value: Value) => boolean,
  withinMs = 60_000,
): Promise<Value> {
  const end = performance.now() + withinMs;

  for (;;) {
    const value = await ask();

    if (isWished(value) || performance.now() > end) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
