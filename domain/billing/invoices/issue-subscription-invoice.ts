import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { databaseErrorCode, Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import type { DomainEvent } from '../../events/event-types';
import { withoutExpired } from '../account/lock-account';
import { invoiceCreated } from '../pricing/billing-service';
import { guardInvoiceLines } from '../service-guard/guard-service';
import {
  alreadyBilled,
  draftSubscriptionInvoice,
  hasNoLines,
  isKeptAsDraft,
  issuedInvoice,
  type IssuedInvoice,
  isLeftOut,
  type WantedInvoice,
} from './draft-subscription-invoice';
import { finaliseFromBalance } from './finalise-from-balance';
import { insertInvoiceExpressions } from './insert-invoice';
import type { InvoiceDraft } from './invoice-types';

export interface IssueInvoice extends WantedInvoice {
  /** Of the same subject, told before those of the invoice. */
  eventsBefore: readonly DomainEvent[];
}

const Account = z.object({ invoice_id: dbInteger, balance: dbInteger });
const exclusionViolation = '23P01';

/**
 * Issues a final invoice for service of a subscription, in the caller's transaction and under its lock: priced by the
 * company's conventions, entered in the guard against double billing (D22), paid from the account's credit as far as that
 * goes (D21), and numbered last (D8). One that is kept as a draft is guarded alike, and gets neither credit nor number.
 * @returns null where there is nothing to bill, unless the company wants documents of 0 (setting zeroInvoices)
 * @throws AppError already_billed when a stretch of the service is on an invoice already; the transaction is lost then
 */
export async function issueSubscriptionInvoice(tx: TenantSql, input: IssueInvoice): Promise<IssuedInvoice | null> {
  const { party, settings, now, subscriptionId } = input;

  if (hasNoLines(input)) {
    return null;
  }
  const [account] = await tx.query(
    Account,
    Prisma.sql`SELECT nextval('finance.invoices_id_seq') AS invoice_id, a.balance FROM finance.billing_accounts a
                WHERE a.company_id = ${tx.companyId}::bigint AND a.id = ${party.billingAccountId}::bigint FOR NO KEY UPDATE`,
  );

  if (account === undefined) {
    throw new Error(`Billing account ${party.billingAccountId} is gone.`);
  }
  const invoiceId = account.invoice_id;
  const isAsked = input.uncollected === undefined;
  // Without credit nothing of it can have expired.
  const balance = account.balance === 0 || !isAsked ? 0 : await withoutExpired(tx, { ...party, ...account, now });
  const draft = await draftSubscriptionInvoice(invoiceId, input);

  if (isLeftOut(draft, input)) {
    return null;
  }
  const isDraft = isKeptAsDraft(draft, input);
  const layers = input.lines.map(({ layer }) => layer);
  await insertGuarded(tx, isDraft ? { ...draft, dueDate: null } : draft, { subscriptionId, layers, now });
  const created = invoiceCreated(draft);
  const told = (status: IssuedInvoice['status'], dueAmount: number): DomainEvent[] => [
    ...input.eventsBefore,
    { ...created, payload: { ...created.payload, status, purpose: input.purpose, dueAmount } },
  ];

  if (isDraft) {
    const subject = `subscription/${subscriptionId}`;
    await appendEvents(tx, { subject, events: told('draft', draft.totalAmount), now });

    return issuedInvoice(draft, 'draft');
  }
  const status = await finaliseFromBalance(tx, {
    invoice: draft,
    subscriptionId,
    balance,
    party,
    settings,
    dueDate: input.dueDate,
    events: (settled) => [
      ...told(settled.status, settled.dueAmount),
      ...(settled.status === 'paid'
        ? [
            {
              type: 'invoice.updated' as const,
              payload: { invoiceId, subscriptionId, status: settled.status, totalAmount: draft.totalAmount },
            },
          ]
        : []),
    ],
    now,
  });

  return issuedInvoice(draft, status);
}

async function insertGuarded(
  tx: TenantSql,
  draft: InvoiceDraft,
  { subscriptionId, layers, now }: { subscriptionId: number; layers: readonly number[]; now: Date },
): Promise<void> {
  await tx.write(
    Prisma.sql`
      WITH ${insertInvoiceExpressions(tx.companyId, draft, now, Prisma.sql`SELECT 1`)},
      guarded AS (${guardInvoiceLines(tx.companyId, subscriptionId, layers)})
      SELECT count(*)::int FROM guarded`,
    (error) => (databaseErrorCode(error) === exclusionViolation ? alreadyBilled(error) : error),
  );
}
