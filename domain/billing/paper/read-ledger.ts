import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { readDrawnGrants, readGrantsLeft } from '../account/read-grants';
import { readCreditableLines, readGuardedLines } from '../credit-notes/read-creditable-lines';
import type { AccountCredit } from './paper-credit';
import type { Ledger, LedgerInvoice } from './paper-ledger';

const Invoice = z.object({
  invoiceId: dbInteger,
  status: z.string(),
  totalAmount: dbInteger,
  dueAmount: dbInteger,
  kept: dbInteger,
  takenBack: dbInteger,
  paidAmount: dbInteger,
  creditedAmount: dbInteger,
  balanceApplied: dbInteger,
  isCharged: z.boolean(),
} satisfies Record<keyof LedgerInvoice, z.ZodType>);

/**
 * The books of a subscription as far as changes from an instant on can touch them: service that is billed after it, and the
 * invoices that it is on or that are named. Reads alone, without locks.
 */
export async function readLedger(
  tx: TenantSql,
  of: { subscriptionId: number; billingAccountId: number; since: Date; invoiceIds: readonly number[] },
): Promise<Ledger> {
  const [account] = await tx.query(
    z.object({ balance: dbInteger }),
    Prisma.sql`SELECT balance FROM finance.billing_accounts WHERE company_id = ${tx.companyId}::bigint AND id = ${of.billingAccountId}::bigint`,
  );

  if (account === undefined) {
    throw new Error(`Billing account ${of.billingAccountId} is gone.`);
  }
  const guarded = await readGuardedLines(tx, { subscriptionId: of.subscriptionId, item: null, from: of.since });
  const ids = [...new Set([...of.invoiceIds, ...guarded.map(({ invoiceId }) => invoiceId)])];
  const invoices = await tx.query(
    Invoice,
    Prisma.sql`
      SELECT i.id AS "invoiceId", i.status, i.total_amount AS "totalAmount", i.due_amount AS "dueAmount",
             i.paid_amount + i.balance_applied - i.returned_amount AS kept, i.paid_amount AS "paidAmount", i.credited_amount AS "creditedAmount",
             i.balance_applied AS "balanceApplied",
             (SELECT coalesce(-sum(c.total_amount), 0)::bigint FROM finance.credit_notes c WHERE c.company_id = i.company_id AND c.invoice_id = i.id) AS "takenBack",
             EXISTS (SELECT FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id AND p.status = 'initiated'
                        AND p.payment_method_id IS NOT NULL) AS "isCharged"
        FROM finance.invoices i WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ANY (${ids}::bigint[])`,
  );
  const lines = await readCreditableLines(tx, Prisma.sql`l.invoice_id = ANY (${ids}::bigint[])`);

  return {
    credit: {
      balance: account.balance,
      grants: account.balance === 0 ? [] : await readGrantsLeft(tx, of.billingAccountId),
      drawn: await readDrawn(tx, of.billingAccountId, invoices),
    },
    invoices: new Map(invoices.map((invoice) => [invoice.invoiceId, invoice])),
    lines: new Map(lines.map((line) => [line.lineId, line])),
    ranges: guarded.map(({ guard, lineId, range, granted }) => ({
      rangeId: guard.id,
      item: guard.item,
      layer: guard.layer,
      lineId,
      range,
      granted,
    })),
  };
}

/** What those of the invoices that account credit has paid have drawn from grants. */
async function readDrawn(
  tx: TenantSql,
  billingAccountId: number,
  invoices: readonly z.output<typeof Invoice>[],
): Promise<AccountCredit['drawn']> {
  const drawn: AccountCredit['drawn'][number][] = [];

  for (const { invoiceId } of invoices.filter(({ balanceApplied }) => balanceApplied > 0)) {
    const grants = await readDrawnGrants(tx, billingAccountId, { invoiceId });
    drawn.push(...grants.map((grant) => ({ ...grant, invoiceId })));
  }

  return drawn;
}
