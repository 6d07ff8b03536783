import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import type { BuyerTaxData } from '../../customers/buyer-tax-data';
import type { BillingParty } from '../account/billing-party';
import { withoutExpired } from '../account/lock-account';
import { finaliseFromBalance } from './finalise-from-balance';

/** A draft as it became final. */
export interface NumberedDraft {
  status: 'open' | 'paid';
  /** minor units */
  charge: { total: number; tax: number };
}

const Account = z.object({ balance: dbInteger });
const Draft = z.object({ total_amount: dbInteger, tax: dbInteger });

/**
 * A draft of a subscription, which was kept while collection was paused, becomes a final invoice that is asked for: paid from
 * the account's credit as far as that goes (D21), due from now on, and numbered last (D8). Its amounts stay as they were.
 * @throws Error when it is no draft
 */
export async function numberDraft(
  tx: TenantSql,
  input: {
    invoiceId: number;
    subscriptionId: number;
    dueDate: Date;
    party: BillingParty & { tax: BuyerTaxData };
    settings: Settings;
    now: Date;
  },
): Promise<NumberedDraft> {
  const { invoiceId, subscriptionId, party, settings, now, dueDate } = input;
  const [account] = await tx.query(
    Account,
    Prisma.sql`SELECT a.balance FROM finance.billing_accounts a
                WHERE a.company_id = ${tx.companyId}::bigint AND a.id = ${party.billingAccountId}::bigint FOR NO KEY UPDATE`,
  );
  const [draft] = await tx.query(
    Draft,
    Prisma.sql`SELECT i.total_amount, i.tax FROM finance.invoices i
                WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint AND i.subscription_id = ${subscriptionId}::bigint
                  AND i.status = 'draft' FOR UPDATE`,
  );

  if (account === undefined || draft === undefined) {
    throw new Error(`Invoice ${invoiceId} is no draft of subscription ${subscriptionId}.`);
  }
  const balance = account.balance === 0 ? 0 : await withoutExpired(tx, { ...party, ...account, now });
  const { total_amount: totalAmount, tax } = draft;
  const status = await finaliseFromBalance(tx, {
    invoice: { invoiceId, totalAmount },
    subscriptionId,
    balance,
    party,
    settings,
    dueDate,
    events: (settled) => [
      {
        type: 'invoice.updated',
        payload: { invoiceId, subscriptionId, status: settled.status, totalAmount, dueAmount: settled.dueAmount },
      },
    ],
    now,
  });

  return { status, charge: { total: totalAmount, tax } };
}
