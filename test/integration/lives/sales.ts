import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { grantCredit } from '../../../domain/billing/account/grant-credit';
import { payOutCredit } from '../../../domain/billing/account/pay-out-credit';
import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { createTaxRate } from '../../../domain/catalogue/tax-rates/create-tax-rate';
import { updateCustomer } from '../../../domain/customers/update-customer';
import { AppError } from '../../../domain/errors';
import { createPromotion } from '../../../domain/promotions/create-promotion';
import { ingestEvents } from '../../../domain/usage/events/ingest-events';
import { createMeter } from '../../../domain/usage/meters/create-meter';
import { createMeterPrice } from '../../../domain/usage/prices/meter-prices';
import type { Database } from '../../../platform/db/database';
import { callPrices } from './call-prices';
import { callsOf, grantsOfPlan } from './features';
import { codes, firstInstant, type LifePlan, topUps } from './life';
import type { Answer } from './product';

/** What a company sells beside plans and add-ons, and what is entered of its one customer by hand. */
export interface Sales {
  /** Calls that its meter counts, at an instant; refused where its subscription has ended and nothing bills them any more. */
  use(count: number, at: Date): Promise<Answer>;
  grant(amount: number, expiresAt: Date | null): Promise<Answer>;
  payOut(amount: number): Promise<Answer>;
  taxAs(status: 'taxable' | 'exempt'): Promise<void>;
}

interface Company {
  database: Database;
  companyId: number;
  customerId: number;
  /** As its clock has it. */
  now: () => Date;
}

export function openSales({ database, companyId, customerId, now }: Company): Sales {
  let sent = 0;

  return {
    async use(count, at) {
      sent += 1;
      const event = { id: `calls-${sent}`, event: 'calls', customerId, timestamp: at.toISOString(), value: count };
      const [result] = await database.withTenantSql(companyId, (tx) =>
        ingestEvents(tx, { events: [event], now: now() }),
      );

      if (result?.status === 'rejected' && ['usage_after_end', 'usage_too_late'].includes(result.code)) {
        return { kind: 'refused', code: result.code, detail: result.detail };
      }

      if (result?.status !== 'accepted') {
        throw new Error(`Usage at ${event.timestamp} was not taken: ${JSON.stringify(result)}`);
      }

      return { kind: 'done' };
    },
    async grant(amount, expiresAt) {
      const creditGrantId = await reserveId(database, 'creditGrant');

      return answerOf(() =>
        database.withTenantSql(companyId, (tx) =>
          grantCredit(tx, {
            creditGrantId,
            customerId,
            amount,
            currency: null,
            reason: 'given',
            expiresAt,
            now: now(),
          }),
        ),
      );
    },
    async payOut(amount) {
      const entryId = await reserveId(database, 'balanceEntry');

      return answerOf(() =>
        database.withTenantSql(companyId, (tx) =>
          payOutCredit(tx, { entryId, customerId, amount, currency: null, reference: 'out', notes: null, now: now() }),
        ),
      );
    },
    async taxAs(taxStatus) {
      const changes = { taxStatus, taxExemptReason: taxStatus === 'exempt' ? 'an embassy' : null };
      await database.withTenant(companyId, (tx) => updateCustomer(tx, { id: customerId, changes, now: now() }));
    },
  };
}

/** Codes of a company, its meter with the prices that plans give it, and its top-ups. */
export async function offerSales(
  database: Database,
  companyId: number,
  offered: { planIds: ReadonlyMap<string, number>; plans: Readonly<Record<string, LifePlan>>; taxByDate: boolean },
): Promise<void> {
  const now = firstInstant;
  const metered = Object.entries(offered.plans).flatMap(([name, { calls }]) =>
    calls === undefined ? [] : [{ name, price: callPrices[calls] }],
  );
  const [meterId, vat8, vat10, ...priceIds] = await Promise.all([
    reserveId(database, 'meter'),
    reserveId(database, 'taxRate'),
    reserveId(database, 'taxRate'),
    ...metered.map(() => reserveId(database, 'meterPrice')),
  ]);

  await database.withTenant(companyId, async (tx) => {
    await createMeter(tx, { meter: { id: meterId, code: 'calls', name: 'Calls', aggregation: 'sum' }, now });

    for (const [nth, { name, price }] of metered.entries()) {
      const planId = offered.planIds.get(name) ?? 0;
      await createMeterPrice(tx, { id: priceIds[nth] ?? 0, meterId, planId, currency: 'VND', price, now });
    }

    await createFeature(tx, { feature: { code: 'calls', name: 'Calls', kind: 'metered', meter: 'calls' }, now });

    for (const [plan, value] of Object.entries(callsOf)) {
      const grants = [...grantsOfPlan(plan), { feature: 'calls', value, perUnit: false }];
      await updatePlan(tx, { id: offered.planIds.get(plan) ?? 0, changes: { grants }, now });
    }

    for (const [key, { price, units, days }] of Object.entries(topUps)) {
      const prepaid = { meter: 'calls', units, expiresAfterDays: days };
      await createAddon(tx, { addon: { key, name: key, price, billingPeriod: 'one_time', prepaid }, now });
    }

    for (const [code, { ratePpm, amount, periods }] of Object.entries(codes)) {
      const discount =
        ratePpm === null
          ? ({ kind: 'amount', amount } as const)
          : ({ kind: 'percent', ratePpm, basis: 'on_total', most: null } as const);
      const duration =
        periods === null ? ({ kind: 'forever' } as const) : ({ kind: 'periods', count: periods } as const);
      await createPromotion(tx, { promotion: { name: code, code, discount, duration, isCombinable: true }, now });
    }

    if (offered.taxByDate) {
      const vat = { code: 'VAT', name: 'VAT' };
      await createTaxRate(tx, { taxRate: { ...vat, id: vat8, ratePpm: 80_000, validUntil: '2026-03-31' }, now });
      await createTaxRate(tx, { taxRate: { ...vat, id: vat10, ratePpm: 100_000, validFrom: '2026-04-01' }, now });
    }
  });
}

async function answerOf(act: () => Promise<void>): Promise<Answer> {
  try {
    await act();

    return { kind: 'done' };
  } catch (error) {
    if (error instanceof AppError) {
      return { kind: 'refused', code: error.code, detail: error.message };
    }
    throw error;
  }
}
