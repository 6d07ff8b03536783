import { randomUUID } from 'node:crypto';

import type { Settings } from '../../../domain/companies/setting-catalogue';
import type { Answer, ApiClient } from '../../environment/api-client';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

export interface PlanFields {
  name?: string;
  price?: number;
  currency?: string;
  billingCycle?: string;
  trialDays?: number;
}

export interface SubscriptionShop {
  company: SignedUpCompany;
  admin: ApiClient;
  addPlan(fields?: PlanFields): Promise<number>;
  addClock(now?: string): Promise<number>;
  /** A customer on the clock, if one is given. */
  addCustomer(testClockId?: number): Promise<number>;
  /** @throws Error that shows the problem when the answer is not 201 */
  subscribe(fields: Record<string, unknown>): Promise<any>;
  advance(testClockId: number, to: string): Promise<any>;
  read(subscriptionId: number): Promise<any>;
  /** Oldest first. */
  invoicesOf(subscriptionId: number): Promise<any[]>;
  /** Oldest first. */
  eventsOf(subscriptionId: number): Promise<{ type: string; payload: any; occurredAt: string }[]>;
  typesOf(subscriptionId: number): Promise<string[]>;
}

/** Where tests on a clock begin: the day of the documents' example. */
export const firstDay = '2025-10-26T00:00:00+07:00';

export async function openSubscriptionShop(settings: Partial<Settings> = {}): Promise<SubscriptionShop> {
  const system = testSystem();
  const company = await signUpCompany({ settings });
  const admin = company.api;
  const eventsOf = (subscriptionId: number) =>
    system.query<{ type: string; payload: any; occurredAt: string }>(
      `SELECT type, payload, occurred_at AS "occurredAt" FROM platform.events
        WHERE company_id = $1 AND subject = $2 ORDER BY subject_seq`,
      [company.id, `subscription/${subscriptionId}`],
    );

  return {
    company,
    admin,
    eventsOf,
    async addPlan({ name = `Plan ${randomUUID()}`, price = 299_000, trialDays = 0, ...fields } = {}) {
      const trial = trialDays > 0 ? { trialEnabled: true, trialDays } : {};
      const plan = { currency: 'VND', billingCycle: 'monthly', ...fields };

      return made(await admin.post('/plans', { name, price, ...plan, ...trial })).id;
    },
    async addClock(now = firstDay) {
      return made(await admin.post('/test-clocks', { now })).id;
    },
    async addCustomer(testClockId) {
      return made(
        await admin.post('/customers', {
          name: 'Lan',
          email: `${randomUUID()}@shop.test`,
          ...(testClockId === undefined ? {} : { testClockId }),
        }),
      ).id;
    },
    subscribe: async (fields) => made(await admin.post('/subscriptions', fields)),
    async advance(testClockId, to) {
      let { status, body } = await admin.post(`/test-clocks/${testClockId}/advance`, { to });

      while (status === 202 || (status === 200 && body.status === 'advancing')) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        ({ status, body } = await admin.get(`/test-clocks/${testClockId}`));
      }

      if (status !== 200) {
        throw new Error(`The clock did not advance: ${JSON.stringify(body)}`);
      }

      return body;
    },
    async read(subscriptionId) {
      return (await admin.get(`/subscriptions/${subscriptionId}`)).body;
    },
    async invoicesOf(subscriptionId) {
      const { body } = await admin.get(`/invoices/subscription/${subscriptionId}?limit=100`);

      return body.data.reverse();
    },
    async typesOf(subscriptionId) {
      return (await eventsOf(subscriptionId)).map(({ type }) => type);
    },
  };
}

function made({ status, body }: Answer): any {
  if (status !== 201) {
    throw new Error(`Expected 201, got ${status}: ${JSON.stringify(body)}`);
  }

  return body;
}

/** An instant so many days after another, as a clock takes it. */
export function daysAfter(from: string, days: number): string {
  return new Date(Date.parse(from) + days * 86_400_000).toISOString();
}
