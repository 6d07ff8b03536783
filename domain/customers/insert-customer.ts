import { toNumber } from '../../platform/db/columns';
import type { TenantTransaction } from '../../platform/db/database';
import { readSettings } from '../companies/setting-catalogue';
import { appendEvents } from '../events/append-events';
import { customerSearchText } from './customer-search-text';
import { assertTaxData } from './assert-tax-data';
import type { BuyerTaxData } from './buyer-tax-data';
import { type CustomerRow, customerParts } from './customer-view';

export interface NewCustomer extends Partial<BuyerTaxData> {
  /** Reserved id; the sequence gives one when absent. */
  id?: number;
  userId?: number;
  name: string;
  /** Lower case. */
  email: string;
  phone?: string | null;
  segment?: string;
  /** Payment terms; null: the company's. */
  daysUntilDue?: number | null;
  /** Puts the customer on a test clock, for good (D26). */
  testClockId?: number;
  /** Copied from the company's settings where absent (D19). */
  billingAccount?: { currency?: string; timeZone?: string; locale?: string };
  now: Date;
}

/**
 * Writes a customer with its billing account and the events of both.
 * @returns null, and writes nothing, when the id or the e-mail address is taken
 * @throws AppError validation_failed on /taxCode, /taxExemptReason
 */
export async function insertCustomer(tx: TenantTransaction, input: NewCustomer): Promise<CustomerRow | null> {
  const { now, billingAccount, ...fields } = input;
  assertTaxData(fields);
  const times = { companyId: tx.companyId, createdAt: now, updatedAt: now };
  const searchText = customerSearchText(fields);
  const [customer] = await tx.orm.customer.createManyAndReturn({
    data: [{ ...fields, searchText, ...times }],
    skipDuplicates: true,
  });

  if (customer === undefined) {
    return null;
  }

  const settings = await readSettings(tx);
  const { currency = settings.currency, timeZone = settings.timeZone, locale = settings.locale } = billingAccount ?? {};
  const account = await tx.orm.billingAccount.create({
    data: { customerId: customer.id, currency, timeZone, locale, ...times },
  });
  const customerId = toNumber(customer.id);

  await appendEvents(tx, {
    subject: `customer/${customerId}`,
    events: [
      {
        type: 'customer.created',
        payload: {
          customerId,
          userId: input.userId ?? null,
          name: customer.name,
          email: customer.email,
          segment: customer.segment,
        },
      },
      {
        type: 'billing_account.created',
        payload: {
          billingAccountId: toNumber(account.id),
          customerId,
          currency: account.currency,
          timeZone: account.timeZone,
          locale: account.locale,
        },
      },
    ],
    now,
  });

  return tx.orm.customer.findUniqueOrThrow({ where: { id: customer.id }, include: customerParts });
}
